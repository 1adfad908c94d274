// Where do pictures come from now? One camera or the sample footage, started again by itself where a camera stopped.

import { FOOTAGE, askForCamera, cameraEnded, closeSource, openFootage } from "./devices.js";
import { cameraObstacle, cameraSentence } from "./errors.js";

const AGAIN_MS = 3000;

/** The source could not be opened; `message` says what the person can do. */
export class SourceError extends Error {}

export class Source {
  #video;
  #footageUrl;
  #choice = null;
  #reopening = false;
  #tried = -Infinity;

  constructor(video, footageUrl) {
    this.#video = video;
    this.#footageUrl = footageUrl;
  }

  get isFootage() {
    return this.#choice?.device === FOOTAGE;
  }

  /** True once the footage has been played to its end. */
  get over() {
    return this.isFootage && this.#video.ended;
  }

  /** True once it plays, false where it was closed meanwhile. `choice`: {device, width}. Throws SourceError. */
  async open(choice) {
    this.#choice = choice;
    try {
      await (this.isFootage ? this.#openFootage() : this.#openCamera(choice));
    } catch (error) {
      if (this.#choice === choice) throw error;
    }
    if (this.#choice === choice) return true;
    closeSource(this.#video); // what came too late
    return false;
  }

  /** The sentence for a camera that has stopped by itself, else null. Tries to open it again every 3 s. */
  lost(now) {
    if (this.isFootage || !cameraEnded(this.#video)) return null;
    if (!this.#reopening && now - this.#tried >= AGAIN_MS) this.#reopen(now);
    return "The camera stopped by itself. It is tried again every 3 seconds; plug it in or wake it.";
  }

  close() {
    this.#choice = null;
    closeSource(this.#video);
  }

  async #reopen(now) {
    this.#reopening = true;
    this.#tried = now;
    try {
      await this.open(this.#choice);
    } catch {
      // Still away: `lost` goes on saying so and asks again.
    } finally {
      this.#reopening = false;
    }
  }

  async #openCamera(choice) {
    const obstacle = cameraObstacle();
    if (obstacle) throw new SourceError(obstacle);
    try {
      this.#video.srcObject = await askForCamera(choice.device, choice.width);
      if (this.#choice === choice) await this.#video.play();
    } catch (error) {
      throw new SourceError(cameraSentence(error));
    }
  }

  async #openFootage() {
    try {
      await openFootage(this.#video, this.#footageUrl);
    } catch {
      throw new SourceError(
        "The sample footage could not be played. Reload the page; if it stays so, this browser cannot play WebM.",
      );
    }
  }
}
