// The page on which passages of staff are noted: by one press, and shown as they turn out.

import { live } from "../lib/live.js";
import { wireSteps } from "../lib/steps.js";

wireSteps();
live(document.querySelector("[data-passages-page]").dataset.events);
