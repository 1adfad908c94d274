// The camera page: wires its controls, its figures and its big word to a session.

import { live } from "../lib/live.js";
import { wireSteps } from "../lib/steps.js";
import { listCameras } from "./devices.js";
import { Session } from "./session.js";
import { SourceError } from "./source.js";
import { Watch } from "./watch.js";

const FIGURES_MS = 500;

const page = document.querySelector("[data-camera-page]");
const part = (name) => page.querySelector(`[data-${name}]`);

const watch = new Watch(({ state, word, why }) => {
  page.dataset.watch = state;
  part("word").textContent = word;
  part("why").textContent = why;
  part("start").hidden = state !== "off";
  part("stop").hidden = state === "off";
  for (const control of page.querySelectorAll("[data-choice]")) control.disabled = state !== "off";
});

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

async function start() {
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

part("standing").addEventListener("fragment", lookWhetherShut);
lookWhetherShut();

part("start").addEventListener("click", start);
part("stop").addEventListener("click", () => running.stop());
setInterval(showFigures, FIGURES_MS);

navigator.mediaDevices?.addEventListener("devicechange", () => listCameras(part("device")));
listCameras(part("device"));

// The deployment may be paused or closed by somebody else: the bar and the buttons follow.
live(page.dataset.events);
wireSteps();
