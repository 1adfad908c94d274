// The operator's page: what waits for an answer, with sound, and one alert beside it.

import { keepAwake } from "../lib/awake.js";
import { live } from "../lib/live.js";
import { wireSteps } from "../lib/steps.js";
import { CardView } from "./card.js";
import { wireKeys } from "./keys.js";
import { Pictures } from "./pictures.js";
import { alarm, wireSound } from "./sound.js";
import { Untaken } from "./untaken.js";

const page = document.querySelector("[data-operator-page]");
const queue = page.querySelector("[data-queue]");
const place = page.querySelector("[data-card-place]");
const pictures = new Pictures(place);
const card = new CardView(place, pictures, new Untaken(document.querySelector("[data-untaken]")));

const waiting = () => [...queue.querySelectorAll("[data-waiting]")];
const known = new Set(waiting().map((row) => row.dataset.alert));

function mark() {
  for (const row of queue.querySelectorAll("[data-alert]")) {
    if (row.dataset.alert === card.alert) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

async function open(row) {
  await card.open(row.dataset.card);
  mark();
}

/** Never takes away an alert that is being judged, or one whose answer is being read. */
function openNewestIfIdle() {
  const [newest] = waiting();
  if (!card.alert && newest) return open(newest);
}

function openNext() {
  const next = waiting().find((row) => row.dataset.alert !== card.alert && !("mine" in row.dataset));
  if (next) open(next);
}

/** Sounds once for each alert this page has not had before, however it learnt of it. */
function announceNew() {
  const fresh = waiting().filter((row) => !known.has(row.dataset.alert));
  for (const row of fresh) known.add(row.dataset.alert);
  if (fresh.length) alarm();
  const count = waiting().length;
  document.title = document.title.replace(/^(\(\d+\) )?/, count ? `(${count}) ` : "");
}

queue.addEventListener("fragment", () => {
  announceNew();
  mark();
  openNewestIfIdle();
});

queue.addEventListener("click", (event) => {
  const row = event.target.closest("[data-alert]");
  if (!row) return;
  event.preventDefault();
  open(row);
});

place.addEventListener("click", (event) => {
  if (event.target.closest("[data-larger]")) pictures.larger();
  if (event.target.closest("[data-smaller]")) pictures.smaller();
  if (event.target.closest("[data-flip]")) pictures.flip();
  if (event.target.closest("[data-next]")) openNext();
});

wireKeys({
  s: () => card.choose("same"),
  d: () => card.choose("different"),
  c: () => card.choose("cannot_tell"),
  1: () => card.chooseReason(1),
  2: () => card.chooseReason(2),
  3: () => card.chooseReason(3),
  4: () => card.chooseReason(4),
  f: () => pictures.flip(),
  "+": () => pictures.larger(),
  "-": () => pictures.smaller(),
  n: openNext,
  enter: () => card.submit(),
});

wireSteps();
wireSound(page.querySelector("[data-sound]"));
keepAwake();
live(page.dataset.events, {
  handle: (event) => event.type === "alert.changed" && event.alert === card.alert && card.refresh(),
  caughtUp: () => card.refresh(),
});
