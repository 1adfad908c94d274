// The officer's page: says when a newer confirmed alert is there. What is being read or filled in is never taken away.

import { live } from "../lib/live.js";
import { wireSteps } from "../lib/steps.js";

const page = document.querySelector("[data-officer-page]");
const news = page.querySelector("[data-news]");
const known = newest();

function newest() {
  return news.querySelector("[data-newest]").dataset.newest;
}

/** Neither an alert nor a running stop is shown, and nothing is being filled in. */
function isIdle() {
  const begun = document.querySelector("form:focus-within, details[open], main :checked");
  return page.querySelector("[data-nothing]") !== null && begun === null;
}

news.addEventListener("fragment", () => {
  const link = news.querySelector("[data-newest]");
  const isNew = newest() !== "" && newest() !== known;
  if (isNew && isIdle()) {
    location.assign(link.href);
    return;
  }
  if (isNew && link.hidden) navigator.vibrate?.([200, 100, 200]);
  link.hidden = !isNew;
});

wireSteps();
live(page.dataset.events);
