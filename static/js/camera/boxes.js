// Where are the faces, and can each be used? Boxes over the preview: whole where a face is good enough, dashed with the
// reason where it is not. Never a name: of a face that matches, the operator page tells.

const SHORTFALLS = {
  too_small: "too far away",
  cut_off: "cut off",
  too_blurred: "blurred",
  too_dark: "too dark",
  too_bright: "too bright",
  too_flat: "too little contrast",
  lit_unevenly: "lit from one side",
  too_noisy: "grainy",
  too_compressed: "compressed too much",
  turned_away: "turned away",
  looks_up_or_down: "looks up or down",
  leans: "leans to one side",
  eyes_hidden: "an eye is hidden",
  mouth_hidden: "the mouth is hidden",
};

const STALE_MS = 1000; // boxes of an older result would stand where nobody is any more

/** A box [x, y, width, height] of the frame, in pixels of the canvas. */
export function toCanvas(box, frame, canvas) {
  const across = canvas.width / frame.width;
  const down = canvas.height / frame.height;
  return [box[0] * across, box[1] * down, box[2] * across, box[3] * down];
}

/** What the page says of a face: the first thing that keeps it from being used, or how good it is. */
export function faceWords(face) {
  if (face.usable) return `clear ${Math.round(face.quality * 100)} %`;
  const known = face.shortfalls?.find((code) => code in SHORTFALLS);
  return known ? SHORTFALLS[known] : "not usable";
}

export class Boxes {
  #context;
  #canvas;
  #faces = [];
  #frame = null;
  #at = -Infinity;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
  }

  /** `frame`: {width, height} of the frame in whose pixels the boxes are given. */
  result(faces, frame, now) {
    this.#faces = faces;
    this.#frame = frame;
    this.#at = now;
  }

  draw(now) {
    if (now - this.#at > STALE_MS) return;
    const unit = this.#canvas.width / 640;
    this.#context.font = `600 ${Math.round(14 * unit)}px system-ui, sans-serif`;
    this.#context.textBaseline = "top";
    for (const face of this.#faces) this.#one(face, toCanvas(face.box, this.#frame, this.#canvas), unit);
  }

  #one(face, [x, y, width, height], unit) {
    const context = this.#context;
    context.setLineDash(face.usable ? [] : [8 * unit, 6 * unit]);
    for (const [line, colour] of [[5, "#000"], [2.5, "#fff"]]) {
      context.lineWidth = line * unit;
      context.strokeStyle = colour;
      context.strokeRect(x, y, width, height);
    }
    const words = faceWords(face);
    const high = 20 * unit;
    const top = y >= high ? y - high : y + height;
    context.fillStyle = "#000";
    context.fillRect(x, top, context.measureText(words).width + 8 * unit, high);
    context.fillStyle = "#fff";
    context.fillText(words, x + 4 * unit, top + 3 * unit);
  }
}
