// What becomes of what the workers have been asked for: a subject's images, a list that is enrolled anew? That part of
// the page is fetched again until it is known; the form beside it, and what is written there, is left alone.

import { renew } from "../lib/swap.js";

const EVERY_MS = 2000;
const TIMES = 60; // without any change; then something is wrong with the workers, and whoever waits reloads the page

const part = document.querySelector("[data-follow]");

async function follow(left) {
  if (left === 0 || !part.querySelector("[data-pending]")) return;
  await new Promise((wake) => setTimeout(wake, EVERY_MS));
  const response = await fetch(part.dataset.follow, { redirect: "manual", cache: "no-store" }).catch(() => null);
  const changed = response?.ok && renew(part, await response.text());
  await follow(changed ? TIMES : left - 1);
}

follow(TIMES);
