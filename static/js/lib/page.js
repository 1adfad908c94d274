// What does every page run?

import { sayClockError } from "./clockwarning.js";
import { startTicking } from "./ticks.js";

startTicking();
sayClockError();

// A page that came in answer to a form is asked for by its address alone from now on: Back and reload lead on from there
// instead of asking the person whether the form is to be sent once more.
if ("inAnswer" in document.body.dataset) history.replaceState(history.state, "");

// A form that was sent is not sent again by a second press.
document.addEventListener("submit", (event) => {
  setTimeout(() => {
    if (event.defaultPrevented) return; // a script took it, and says when it may be sent again
    for (const button of event.target.querySelectorAll("button:not([type=button])")) button.disabled = true;
  });
});
