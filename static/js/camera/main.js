// The camera page: wires its controls, its figures and its big word to a session.

import { live, reloadFor } from "../lib/live.js";
import { wireSteps } from "../lib/steps.js";
import { choose, remember, remembered } from "./choices.js";
import { listCameras } from "./devices.js";
import { Session } from "./session.js";
import { SourceError } from "./source.js";
import { guardLeaving, takeOverQuestion } from "./takeover.js";
import { Watch } from "./watch.js";

const FIGURES_MS = 500;
const PLACES_MS = 2000; // who has the place is asked for so long: without the server nothing starts anyway

const page = document.querySelector("[data-camera-page]");
const part = (name) => page.querySelector(`[data-${name}]`);

const watch = new Watch(({ state, word, why }) => {
  page.dataset.watch = state;
  part("word").textContent = word;
  part("why").textContent = why;
  part("start").hidden = state !== "off";
  part("stop").hidden = state === "off";
  lockChoices();
});

function lockChoices() {
  for (const control of page.querySelectorAll("[data-choice]")) control.disabled = page.dataset.watch !== "off";
}

const told = {
  status: (message) => {
    say("faces", message.faces_seen.toLocaleString("en-GB"));
    say("listed", message.list_size.toLocaleString("en-GB"));
  },
  note: (sentence) => {
    say("note", sentence);
    part("note").hidden = false;
  },
};

const session = () =>
  new Session({
    canvas: part("picture"),
    socketPath: part("place").selectedOptions[0].dataset.socket,
    footageUrl: page.dataset.footage,
    footageOver: page.dataset.footageOver,
    watch,
    told,
  });

let running = null;

function choices() {
  return { place: part("place").value, device: part("device").value, width: part("width").value };
}

/** True where nobody else has the place, or the person takes it from whoever has it by now. */
async function mayTakePlace() {
  const late = new Promise((done) => setTimeout(done, PLACES_MS));
  await Promise.race([reloadFor("camera.health"), late]);
  const question = takeOverQuestion(part("place").selectedOptions[0]);
  return !question || confirm(question);
}

async function start() {
  remember(choices());
  part("start").disabled = true;
  const may = await mayTakePlace();
  part("start").disabled = false;
  if (!may) return;
  running = session();
  const choice = { device: part("device").value, width: Number(part("width").value) };
  try {
    await running.start(choice, page.dataset.heartbeat);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error; // what a SourceError says stands on the page already
  }
  await listCameras(part("device"));
}

function say(name, text) {
  part(name).textContent = text;
}

function showFigures() {
  if (!running) return;
  const figures = running.figures.summary(Date.now());
  const ms = (value) => (value === null ? "–" : `${Math.round(value)} ms`);
  say("fps", figures.fps.toFixed(1));
  say("p50", ms(figures.p50));
  say("p95", ms(figures.p95));
  say("dropped", `${figures.dropped} of ${figures.sent}`);
}

/** A deployment that takes no frames now nor later has nothing to start. */
function lookWhetherShut() {
  const { reason = "", code } = part("standing").querySelector("[data-shut]")?.dataset ?? {};
  part("start").disabled = reason !== "";
  watch.shut(reason, code);
}

function wireControls() {
  const { place, device, width } = remembered();
  choose(part("place"), place);
  choose(part("width"), width);
  listCameras(part("device"), device);
  navigator.mediaDevices?.addEventListener("devicechange", () => listCameras(part("device")));
  page.addEventListener("change", (event) => event.target.matches("[data-choice]") && remember(choices()));
  part("places").addEventListener("fragment", lockChoices);
  part("standing").addEventListener("fragment", lookWhetherShut);
  lookWhetherShut();
  part("start").addEventListener("click", start);
  part("stop").addEventListener("click", () => running.stop());
  setInterval(showFigures, FIGURES_MS);
  guardLeaving(() => page.dataset.watch !== "off");
}

if (part("start")) wireControls(); // where the deployment has a camera

// The deployment may be paused or closed by somebody else: the bar and the buttons follow.
live(page.dataset.events);
wireSteps();
