// How does a fragment take the place of the one before it without the person noticing? Pictures that stay are not
// loaded again, what was written and ticked stays, and the focus stays where it was.

/** Puts `html`, which our server rendered, in place of what `element` holds. Controls are told apart by their ids. */
export function swap(element, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content;
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  keepPictures(element, fresh);
  keepWritten(element, fresh);
  element.replaceChildren(fresh);
  if (focused) focusAgain(element, focused);
}

function keepPictures(old, fresh) {
  const loaded = new Map([...old.querySelectorAll("img")].map((image) => [image.getAttribute("src"), image]));
  for (const image of fresh.querySelectorAll("img")) {
    const same = loaded.get(image.getAttribute("src"));
    if (same) image.replaceWith(same);
  }
}

function keepWritten(old, fresh) {
  for (const control of fresh.querySelectorAll("input[id], select[id], textarea[id]")) {
    const before = old.querySelector(`#${CSS.escape(control.id)}`);
    if (!before) continue;
    if (control.type === "radio" || control.type === "checkbox") control.checked = before.checked;
    else control.value = before.value;
  }
}

function focusAgain(element, focused) {
  const again = focused.id
    ? element.querySelector(`#${CSS.escape(focused.id)}`)
    : [...element.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused.getAttribute("href"));
  again?.focus({ preventScroll: true });
}
