// How does a fragment take the place of the one before it without the person noticing? Pictures that stay are not
// loaded again, what was written and ticked stays, and the focus stays where it was; where nothing is new nothing
// happens, else a screen reader would read it all again.

const TOKEN = "input[name=csrfmiddlewaretoken]"; // written differently each time

const lasting = new WeakMap(); // element -> what it was given last, without what moves by itself

/** Puts `html`, which our server rendered, in place of what `element` holds. Controls are told apart by their ids. */
export function swap(element, html) {
  const fresh = parsed(html);
  lasting.set(element, lastingOf(html));
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  keepPictures(element, fresh);
  keepWritten(element, fresh);
  element.replaceChildren(fresh);
  if (focused) focusAgain(element, focused);
}

/** As `swap`, where `html` differs from what the element was given last. True where it was swapped. */
export function renew(element, html) {
  if (lasting.get(element) !== lastingOf(html)) {
    swap(element, html);
    return true;
  }
  const tokens = parsed(html).querySelectorAll(TOKEN); // the old ones end when somebody signs in in another tab
  element.querySelectorAll(TOKEN).forEach((old, at) => (old.value = tokens[at].value));
  return false;
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** Times are kept up by ticks.js. */
function lastingOf(html) {
  const content = parsed(html);
  for (const time of content.querySelectorAll("time")) time.textContent = "";
  for (const token of content.querySelectorAll(TOKEN)) token.removeAttribute("value");
  const holder = document.createElement("div");
  holder.append(content);
  return holder.innerHTML;
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
