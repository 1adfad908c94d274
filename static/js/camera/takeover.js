// May this place be taken? The newest page of a camera has it, so whoever sends from there now would be stopped.

/** What to ask before the place of this option is taken; "" where nobody has it. */
export function takeOverQuestion(option) {
  const { name, usedBy } = option.dataset;
  return usedBy ? `${name} is in use by ${usedBy}. Starting here stops it there. Take it over?` : "";
}

/** Asks before the page is left while `isWatching()`: its camera would stop without a word. */
export function guardLeaving(isWatching) {
  addEventListener("beforeunload", (event) => {
    if (isWatching()) event.preventDefault();
  });
}
