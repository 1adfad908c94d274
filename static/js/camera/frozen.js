// Is the picture alive? A real camera's noise makes no two pictures alike: one that stays the same to the bit is frozen.

export const FROZEN_MS = 3000;
const WIDTH = 64;
const HEIGHT = 36;

export class FrozenWatch {
  #canvas = document.createElement("canvas");
  #context = null;
  #last = null;
  #changed = null;

  constructor() {
    this.#canvas.width = WIDTH;
    this.#canvas.height = HEIGHT;
    this.#context = this.#canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  }

  /** Looks at the video; returns for how many ms its picture has stood still, 0 while that is under 3 s. */
  look(video, now) {
    this.#context.drawImage(video, 0, 0, WIDTH, HEIGHT);
    return this.compare(this.#context.getImageData(0, 0, WIDTH, HEIGHT).data, now);
  }

  compare(pixels, now) {
    const same = this.#last !== null && pixels.every((value, at) => value === this.#last[at]);
    if (!same) this.#changed = now;
    this.#last = pixels;
    const still = now - this.#changed;
    return still >= FROZEN_MS ? still : 0;
  }

  forget() {
    this.#last = null;
  }
}
