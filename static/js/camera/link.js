// What goes back and forth with the server? Frames out, paced; acks, results, drops and refusals back.

import { Socket } from "../lib/socket.js";
import { encodeFrame } from "./frame.js";
import { Pace } from "./pace.js";

const LEAST_MS = 80; // 12 frames a second at most: faces do not change faster than tracks need
const REFUSED_MS = 1500; // how long to wait before asking again whether frames are taken
const SILENT_MS = 6000; // frames went out and nothing at all came back: the connection is dead

export class Link {
  #socket;
  #pace = new Pace(LEAST_MS);
  #frames = new Map(); // sequence -> what the page knows of a frame it sent
  #sequence = 0;
  #heard = 0;
  #refusedAt = -Infinity;
  #handlers;

  /** `handlers`: opened(), lost(), ended(sentence), result(message, frame), dropped(count), refused(sentence, code),
   * status(message), clock(message). */
  constructor(path, handlers) {
    this.#handlers = handlers;
    this.#socket = new Socket(path, {
      opened: () => this.#opened(),
      message: (message) => this.#message(message),
      lost: () => this.#lost(),
      refused: (reason) => handlers.ended(reason),
    });
  }

  start() {
    this.#heard = performance.now();
    this.#socket.start();
  }

  stop() {
    this.#socket.stop();
    this.#forget();
  }

  get open() {
    return this.#socket.open;
  }

  /** True if a frame grabbed now would be sent at once. */
  ready(now) {
    if (!this.#socket.open) return false;
    if (this.#pace.unfinished > 0 && now - this.#heard > SILENT_MS) {
      this.#lost();
      this.#socket.renew();
      return false;
    }
    const before = this.#pace.givenUp;
    const ready = this.#pace.ready(now) && now - this.#refusedAt >= REFUSED_MS && this.#socket.waiting === 0;
    this.#handlers.dropped(this.#pace.givenUp - before);
    return ready;
  }

  /** `frame`: {jpeg, width, height, capturedAt}; capturedAt in ms since the epoch, by this machine's clock. */
  send(frame, now) {
    if (!this.#socket.open) return false;
    this.#sequence = (this.#sequence + 1) >>> 0;
    if (this.#pace.unfinished === 0) this.#heard = now; // silence counts from the first frame that waits
    this.#socket.send(encodeFrame(this.#sequence, frame.capturedAt, frame.jpeg));
    this.#pace.sent(this.#sequence, now);
    const { width, height, capturedAt } = frame;
    this.#frames.set(this.#sequence, { width, height, capturedAt });
    for (const old of this.#frames.keys()) if (this.#frames.size > 16) this.#frames.delete(old);
    return true;
  }

  #opened() {
    this.#heard = performance.now();
    this.#refusedAt = -Infinity;
    this.#handlers.opened();
  }

  #lost() {
    this.#forget();
    this.#handlers.lost();
  }

  #forget() {
    const before = this.#pace.givenUp;
    this.#pace.forget();
    this.#handlers.dropped(this.#pace.givenUp - before);
    this.#frames.clear();
  }

  #message(message) {
    const now = performance.now();
    this.#heard = now;
    switch (message.type) {
      case "ack":
        return;
      case "result":
        return this.#result(message);
      case "dropped":
        if (this.#finish(message.seq)) this.#handlers.dropped(1);
        return;
      case "refused":
        this.#finish(message.seq);
        this.#refusedAt = now;
        return this.#handlers.refused(message.message, message.code);
      case "hello":
        return this.#socket.send(JSON.stringify({ type: "clock", server_ms: message.server_ms, client_ms: Date.now() }));
      default:
        return this.#handlers[message.type]?.(message);
    }
  }

  #result(message) {
    const frame = this.#frames.get(message.seq);
    const inTime = this.#finish(message.seq);
    if (frame && inTime) this.#handlers.result(message, frame);
  }

  #finish(sequence) {
    this.#frames.delete(sequence);
    return this.#pace.finished(sequence);
  }
}
