// How is a deployment paused or resumed from a page that is at work? Without leaving it: a camera goes on streaming.

import { fetchFragment } from "./fragment.js";
import { reloadFor } from "./live.js";

async function take(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await fetchFragment(form.action, new FormData(form));
    await reloadFor("deployment.changed");
  } catch (error) {
    const problem = form.querySelector("[data-problem]");
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
    take(event.target);
  });
}
