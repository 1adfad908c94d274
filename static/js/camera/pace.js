// May another frame be sent? At most two are unfinished; each is given up after 2 s, so that a lost answer stops nothing.

export const MOST_UNFINISHED = 2;
export const GIVE_UP_MS = 2000;

export class Pace {
  #unfinished = new Map(); // sequence -> time sent, ms
  #least;
  #last = -Infinity;
  givenUp = 0;

  /** `least`: ms between two frames at the least. */
  constructor(least = 0) {
    this.#least = least;
  }

  get unfinished() {
    return this.#unfinished.size;
  }

  /** True if a frame may be grabbed now; nobody keeps one for later, so the one that is sent is the newest. */
  ready(now) {
    for (const [sequence, sent] of this.#unfinished) {
      if (now - sent >= GIVE_UP_MS) {
        this.#unfinished.delete(sequence);
        this.givenUp += 1;
      }
    }
    return this.#unfinished.size < MOST_UNFINISHED && now - this.#last >= this.#least;
  }

  sent(sequence, now) {
    this.#unfinished.set(sequence, now);
    this.#last = now;
  }

  /** The frame ended in a result, dropped or refused. False if it had been given up, or was never sent. */
  finished(sequence) {
    return this.#unfinished.delete(sequence);
  }

  /** The connection is gone, and the answers with it. */
  forget() {
    this.givenUp += this.#unfinished.size;
    this.#unfinished.clear();
  }
}
