// How are the two faces looked at? Both enlarged alike, about the same point; each can be mirrored.

const STEPS = [1, 1.5, 2, 3, 4];

export class Pictures {
  #place;
  #step = 0;
  #origin = [50, 50]; // % of the picture, the same in both: their eyes stand on one line
  #flipped = false;

  constructor(place) {
    this.#place = place;
    place.addEventListener("pointermove", (event) => this.#follow(event));
  }

  /** A new card begins as it was sent: not enlarged, not mirrored. */
  reset() {
    this.#step = 0;
    this.#origin = [50, 50];
    this.#flipped = false;
    this.#draw();
  }

  /** The card was fetched anew: what was set goes for the new images too. */
  redraw() {
    this.#draw();
  }

  larger() {
    this.#step = Math.min(STEPS.length - 1, this.#step + 1);
    this.#draw();
  }

  smaller() {
    this.#step = Math.max(0, this.#step - 1);
    this.#draw();
  }

  /** Mirrors the reference: some pictures are mirror images, and a parting on the other side is no other person. */
  flip() {
    this.#flipped = !this.#flipped;
    this.#draw();
  }

  #follow(event) {
    const frame = event.target.closest("[data-portrait]");
    if (!frame || STEPS[this.#step] === 1) return;
    const box = frame.getBoundingClientRect();
    this.#origin = [((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100];
    this.#draw();
  }

  #draw() {
    for (const frame of this.#place.querySelectorAll("[data-portrait]")) {
      const image = frame.querySelector("img");
      const mirrored = this.#flipped && frame.dataset.portrait === "reference";
      const [x, y] = this.#origin;
      image.style.transformOrigin = `${mirrored ? 100 - x : x}% ${y}%`;
      image.style.transform = `${mirrored ? "scaleX(-1) " : ""}scale(${STEPS[this.#step]})`;
    }
    const scale = this.#place.querySelector("[data-scale]");
    if (scale) scale.textContent = `${STEPS[this.#step]}×`;
    this.#place.querySelector("[data-flip]")?.setAttribute("aria-pressed", String(this.#flipped));
  }
}
