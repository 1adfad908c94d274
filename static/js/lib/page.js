// What does every page run?

import { sayClockError } from "./clockwarning.js";
import { startTicking } from "./ticks.js";

startTicking();
sayClockError();

// A form that was sent is not sent again by a second press.
document.addEventListener("submit", (event) => {
  setTimeout(() => {
    if (event.defaultPrevented) return; // a script took it, and says when it may be sent again
    for (const button of event.target.querySelectorAll("button:not([type=button])")) button.disabled = true;
  });
});
