// What may be seen of the people walking by? Blocks: enough to aim the camera, too little to know a bystander again.

export const BLOCKS_ACROSS = 56;

/** Width and height in blocks for a video of this size; never more than BLOCKS_ACROSS, whatever the camera. */
export function blocks(videoWidth, videoHeight) {
  return { width: BLOCKS_ACROSS, height: Math.max(1, Math.round((BLOCKS_ACROSS * videoHeight) / videoWidth)) };
}

export class Preview {
  #small = document.createElement("canvas");
  #smallContext = this.#small.getContext("2d", { alpha: false });
  #canvas;
  #context;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
  }

  draw(video) {
    const size = blocks(video.videoWidth, video.videoHeight);
    Object.assign(this.#small, size);
    this.#smallContext.drawImage(video, 0, 0, size.width, size.height);
    const height = Math.round((this.#canvas.width * video.videoHeight) / video.videoWidth);
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#context.imageSmoothingEnabled = false;
    this.#context.drawImage(this.#small, 0, 0, this.#canvas.width, this.#canvas.height);
  }

  clear() {
    this.#context.fillStyle = "#000"; // boxes and their words are drawn on the same canvas
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
  }
}
