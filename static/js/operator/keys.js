// Which key does what on the operator's page? Those that stand beside the buttons, while nobody is writing. Enter is
// left to what has a meaning of its own for it: a link, a button.

const WRITING = "input:not([type=radio]), textarea, select";
const PRESSED = "a, button, summary";

function takesIt(target, key) {
  return target.closest(key === "Enter" ? `${WRITING}, ${PRESSED}` : WRITING) !== null;
}

/** `acts`: key -> function; letters in lower case. */
export function wireKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || takesIt(event.target, event.key)) return;
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act(event.key);
  });
}
