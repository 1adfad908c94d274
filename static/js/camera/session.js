// What happens between Start and Stop? Every beat: preview, then a frame if the pace allows one.

import { keepAwake, letSleep } from "../lib/awake.js";
import { Boxes } from "./boxes.js";
import { Capture } from "./capture.js";
import { Figures } from "./figures.js";
import { FrozenWatch } from "./frozen.js";
import { Link } from "./link.js";
import { Preview } from "./preview.js";
import { Source } from "./source.js";
import { span } from "../lib/spans.js";

const LOOK_MS = 250; // how often the picture is compared with itself
const NOT_TAKEN = "The server does not take frames from this page. Reload it.";
const NOT_CONNECTED = "The connection to the server is lost. It is opened again by itself; check the network.";

export class Session {
  #video = document.createElement("video");
  #source;
  #capture;
  #preview;
  #boxes;
  #frozen = new FrozenWatch();
  #link;
  #watch;
  #beat = null;
  #choice = null;
  #grabbing = false;
  #looked = -Infinity;
  #overAt = null;
  #told;
  #footageOver;
  #refusal = ""; // the server's sentence, while frames are not taken
  figures = new Figures();

  /** `footageOver`: the sentence for when it has been played. `told`: status({faces_seen, list_size}) and note(sentence),
   * for what the server says without being asked. */
  constructor({ canvas, socketPath, footageUrl, footageOver, watch, told }) {
    // Never part of the page: nobody is shown sharp.
    Object.assign(this.#video, { muted: true, playsInline: true, disablePictureInPicture: true });
    this.#source = new Source(this.#video, footageUrl);
    this.#capture = new Capture(this.#video);
    this.#preview = new Preview(canvas);
    this.#boxes = new Boxes(canvas);
    this.#watch = watch;
    this.#told = told;
    this.#footageOver = footageOver;
    this.#link = this.#makeLink(socketPath);
  }

  /** Throws SourceError; nothing runs then, nor where it was stopped before the source had opened. */
  async start(choice, heartbeatUrl) {
    this.#choice = choice;
    this.#overAt = null;
    this.figures = new Figures();
    this.#watch.begin();
    try {
      if (!(await this.#source.open(choice))) return;
    } catch (error) {
      this.stop(error.message);
      throw error;
    }
    this.#frozen.forget();
    this.#link.start();
    keepAwake();
    this.#beat = new Worker(heartbeatUrl);
    this.#beat.addEventListener("message", () => this.#onBeat());
  }

  stop(why = null) {
    this.#beat?.terminate();
    this.#beat = null;
    this.#link.stop();
    this.#source.close();
    this.#preview.clear();
    letSleep();
    this.#watch.end(why);
  }

  #onBeat() {
    if (this.#beat === null) return;
    const now = performance.now();
    this.#watch.set("camera", this.#source.lost(now));
    if (!this.#capture.hasPicture) return;
    this.#preview.draw(this.#video);
    this.#boxes.draw(now);
    this.#lookForFreeze(now);
    if (this.#source.over) return this.#finishFootage(now);
    if (!this.#grabbing && this.#link.ready(now)) this.#sendOne();
  }

  /** The last frames may still be on their way back: their results count. */
  #finishFootage(now) {
    this.#overAt ??= now;
    if (now - this.#overAt > 2000) this.stop(this.#footageOver);
  }

  async #sendOne() {
    this.#grabbing = true;
    try {
      const capturedAt = Date.now();
      const grabbed = await this.#capture.grab(this.#choice.width);
      if (this.#beat && this.#link.send({ ...grabbed, capturedAt }, performance.now())) this.figures.sent += 1;
    } catch (error) {
      this.stop(error.message);
    } finally {
      this.#grabbing = false;
    }
  }

  #lookForFreeze(now) {
    if (now - this.#looked < LOOK_MS || this.#source.over) return;
    this.#looked = now;
    const still = this.#frozen.look(this.#video, now);
    const sentence = `The picture has not changed for ${span(still / 1000)}: the camera may be frozen. Unplug it and plug it in again.`;
    this.#watch.set("frozen", still ? sentence : null);
  }

  #makeLink(path) {
    return new Link(path, {
      opened: () => this.#watch.set("connection", null),
      lost: () => this.#watch.set("connection", NOT_CONNECTED),
      ended: (sentence) => this.stop(this.#refusal || sentence || NOT_TAKEN),
      refused: (sentence, code) => this.#refused(sentence, code),
      dropped: (count) => (this.figures.dropped += count),
      result: (message, frame) => {
        this.#refused("");
        this.#watch.result();
        this.figures.result(Date.now(), frame.capturedAt);
        this.#boxes.result(message.faces, frame, performance.now());
      },
      status: (message) => {
        this.#refused(message.message, message.state);
        this.#told.status(message);
      },
      clock: (message) => message.message && this.#told.note(message.message),
    });
  }

  #refused(sentence, code = "") {
    this.#refusal = sentence;
    this.#watch.set("refused", sentence, code);
  }
}
