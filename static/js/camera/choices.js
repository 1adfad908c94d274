// What was chosen here last? Kept for this tab alone, so that a reload begins with the same place, picture and resolution.

const key = () => `choices ${location.pathname}`;

/** {place, device, width}, as far as they were chosen before. */
export function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(key())) ?? {};
  } catch {
    return {}; // a browser that keeps nothing
  }
}

export function remember(choices) {
  try {
    sessionStorage.setItem(key(), JSON.stringify(choices));
  } catch {
    // As above: the page begins with its own choices.
  }
}

/** Chooses `value` where the list has it. */
export function choose(select, value) {
  if ([...select.options].some((option) => option.value === value)) select.value = value;
}
