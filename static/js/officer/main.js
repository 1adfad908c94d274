// The officer's page: says when a newer confirmed alert is there. What is being read or filled in is never taken away.

import { live } from "../lib/live.js";

const page = document.querySelector("[data-officer-page]");
const news = page.querySelector("[data-shown]");
const known = newest();

function newest() {
  return news.querySelector("[data-newest]").dataset.newest;
}

news.addEventListener("fragment", () => {
  const link = news.querySelector("[data-newest]");
  const isNew = newest() !== "" && newest() !== known;
  if (isNew && news.dataset.shown === "" && !document.querySelector("form:focus-within")) {
    location.assign(link.href); // nothing was shown that could be lost
    return;
  }
  if (isNew && link.hidden) navigator.vibrate?.([200, 100, 200]);
  link.hidden = !isNew;
});

live(page.dataset.events);
