// Which key does what on the operator's page? Those that stand beside the buttons, while nobody is writing.

function isWriting(target) {
  return target.closest("input:not([type=radio]), textarea, select") !== null;
}

/** `acts`: key -> function; letters in lower case. */
export function wireKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isWriting(event.target)) return;
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act(event.key);
  });
}
