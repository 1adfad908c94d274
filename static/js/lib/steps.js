// How is a deployment paused, or a passage noted, from a page that is at work? Without leaving it: a camera goes on.

import { fetchFragment } from "./fragment.js";
import { reloadFor } from "./live.js";

async function take(form, button) {
  const data = new FormData(form, button); // read first: a disabled button says nothing
  const problem = form.querySelector("[data-problem]");
  button.disabled = true;
  try {
    await fetchFragment(form.action, data);
    problem.hidden = true;
    await reloadFor(form.dataset.renews ?? "deployment.changed");
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  } finally {
    button.disabled = false;
  }
}

export function wireSteps() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-step]")) return;
    event.preventDefault();
    take(event.target, event.submitter ?? event.target.querySelector("button"));
  });
}
