// What does the bar say now? It is fetched again when the deployment changes.

import { clockError } from "./clock.js";
import { fetchFragment, show } from "./fragment.js";
import { span } from "./spans.js";
import { tick } from "./ticks.js";

export async function reloadBar() {
  const bar = document.querySelector("[data-bar]");
  show(bar, await fetchFragment(bar.dataset.bar));
  tick();
}

/** Says it where this machine's clock is off: its owner will compare it with what the page shows. */
export function sayClockError() {
  const place = document.querySelector("[data-clock-error]");
  const error = clockError();
  if (!place || !error) return;
  const side = error > 0 ? "ahead of" : "behind";
  place.textContent =
    `This machine's clock is ${span(Math.abs(error) / 1000)} ${side} the server's. ` +
    "Times shown here are the server's; set this machine's clock.";
  place.hidden = false;
}
