// Are we watching, and if not, why? The gravest reason is the one that is said.

/** Reasons in the order in which they are said; each is null or a sentence. */
const ORDER = ["stopped", "ended", "camera", "connection", "refused", "frozen"];

export class Watch {
  #reasons = new Map();
  #running = false;
  #results = false;
  #show;
  #said = "";

  /** `show({state, word, why})`: state is "off", "starting", "watching" or "paused". */
  constructor(show) {
    this.#show = show;
  }

  begin() {
    this.#reasons.clear();
    this.#running = true;
    this.#results = false;
    this.#say();
  }

  /** `sentence` tells why, where it was not the person's own wish. */
  end(sentence = null) {
    this.#reasons.clear();
    this.#running = false;
    this.set("stopped", sentence);
  }

  set(reason, sentence) {
    if (sentence) this.#reasons.set(reason, sentence);
    else this.#reasons.delete(reason);
    this.#say();
  }

  /** A result came: frames are looked at. */
  result() {
    this.#results = true;
    this.#say();
  }

  #say() {
    const verdict = this.verdict();
    const text = JSON.stringify(verdict);
    if (text === this.#said) return;
    this.#said = text;
    this.#show(verdict);
  }

  verdict() {
    const why = ORDER.map((reason) => this.#reasons.get(reason)).find(Boolean) ?? "";
    if (!this.#running) return { state: "off", word: "Not watching", why };
    if (why) return { state: "paused", word: "Paused", why };
    if (!this.#results) return { state: "starting", word: "Starting", why: "" };
    return { state: "watching", word: "Watching", why: "" };
  }
}
