// How does a moment of the video become a JPEG? Kept under what the socket takes by lowering its quality.

import { LARGEST_JPEG } from "./frame.js";

const QUALITIES = [0.85, 0.7, 0.5, 0.3];

export class Capture {
  #video;
  #canvas = document.createElement("canvas");
  #context = this.#canvas.getContext("2d", { alpha: false });

  constructor(video) {
    this.#video = video;
  }

  /** True once the video has a picture to grab. */
  get hasPicture() {
    return this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && this.#video.videoWidth > 0;
  }

  /** What the video shows now: {jpeg: ArrayBuffer, width, height}, at most `width` wide. */
  async grab(width) {
    const scale = Math.min(1, width / this.#video.videoWidth);
    this.#canvas.width = Math.round(this.#video.videoWidth * scale);
    this.#canvas.height = Math.round(this.#video.videoHeight * scale);
    this.#context.drawImage(this.#video, 0, 0, this.#canvas.width, this.#canvas.height);
    const blob = await this.#smallEnough();
    return { jpeg: await blob.arrayBuffer(), width: this.#canvas.width, height: this.#canvas.height };
  }

  async #smallEnough() {
    for (const quality of QUALITIES) {
      const blob = await new Promise((done) => this.#canvas.toBlob(done, "image/jpeg", quality));
      if (blob === null) throw new Error("This browser could not make a JPEG of the picture.");
      if (blob.size <= LARGEST_JPEG) return blob;
    }
    throw new Error("The picture is too large to send: choose a lower resolution.");
  }
}
