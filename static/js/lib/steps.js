// How is a deployment paused or resumed from a page that is at work? Without leaving it: a camera goes on streaming.

import { fetchFragment } from "./fragment.js";
import { swap } from "./swap.js";

async function take(form) {
  const place = form.closest("[data-fragment]");
  try {
    swap(place, await fetchFragment(form.action, new FormData(form)));
  } catch (error) {
    const problem = form.querySelector("[data-problem]");
    problem.textContent = error.message;
    problem.hidden = false;
  }
}

export function wireSteps() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-step]")) return;
    event.preventDefault();
    take(event.target);
  });
}
