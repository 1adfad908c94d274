// Are we watching, and if not, why? The gravest reason is the one that is said.

/** Reasons in the order in which they are said. */
const ORDER = ["stopped", "ended", "camera", "connection", "refused", "frozen"];

/** How the deployment stands, by the code with which the server takes no frames. */
const STANDING = {
  not_approved: "Not approved",
  not_started: "Not started",
  before_window: "Not open yet",
  after_window: "Window over",
  closed: "Closed",
};

function told(sentence, code) {
  return { word: STANDING[code] ?? "Paused", why: sentence };
}

export class Watch {
  #reasons = new Map(); // reason -> {word, why}
  #shut = null; // the same, while nothing can be started
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

  /** `sentence` is null once the reason is gone; `code` is the server's, where it gave the reason. */
  set(reason, sentence, code = "") {
    if (sentence) this.#reasons.set(reason, told(sentence, code));
    else this.#reasons.delete(reason);
    this.#say();
  }

  /** Nothing can be started, and why; null where something can. */
  shut(sentence, code = "") {
    this.#shut = sentence ? told(sentence, code) : null;
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
    const gravest = ORDER.map((reason) => this.#reasons.get(reason)).find(Boolean);
    if (!this.#running) return { state: "off", ...(this.#shut ?? { word: "Not watching", why: gravest?.why ?? "" }) };
    if (gravest) return { state: "paused", ...gravest };
    if (!this.#results) return { state: "starting", word: "Starting", why: "" };
    return { state: "watching", word: "Watching", why: "" };
  }
}
