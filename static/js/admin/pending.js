// What becomes of a subject's images that are being checked? Their part of the page is fetched anew until it is known;
// the form above it, and what is written there, is left alone.

import { renew } from "../lib/swap.js";

const EVERY_MS = 2000;
const TIMES = 60; // then something is wrong with the workers, and whoever waits reloads the page

const part = document.querySelector("[data-images]");

async function follow(left) {
  if (left === 0 || !part.querySelector("[data-pending]")) return;
  await new Promise((wake) => setTimeout(wake, EVERY_MS));
  const response = await fetch(part.dataset.images, { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (response?.ok) renew(part, await response.text());
  await follow(left - 1);
}

follow(TIMES);
