// Is this machine's clock right? Its owner will compare it with what the page shows.

import { clockError } from "./clock.js";
import { span } from "./spans.js";

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
