// How does a page keep a socket open? It opens it again by itself, until it is told to stop or that it may not.

import { onWake } from "./wake.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const REFUSED_FROM = 4400; // the server's own close codes: 44xx means that asking again will not help
const NOT_SIGNED_IN = 4401; // for this browser's cookie of then: a new password in another tab has brought a new one

/** 0.5, 1, 2, 4, 8, 8… s, each shortened by up to a half at random, so that pages do not come back all at once. */
export function waitBefore(attempt, random = Math.random()) {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return full * (1 - random / 2);
}

export class Socket {
  #path;
  #handlers;
  #socket = null;
  #attempt = 0;
  #timer = null;
  #stopWatching = null;
  #why = "";
  #doubted = false; // not signed in, said the server since its last greeting

  /** `handlers`: opened(), message(object), lost(waitMs), refused(sentence); all optional. */
  constructor(path, handlers) {
    this.#path = path;
    this.#handlers = handlers;
  }

  start() {
    this.#stopWatching ??= onWake((why) => this.#wake(why));
    if (this.#socket === null && this.#timer === null) this.#open();
  }

  stop() {
    this.#stopWatching?.();
    this.#stopWatching = null;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#attempt = 0;
    this.#drop();
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Bytes handed over and not yet on the wire. */
  get waiting() {
    return this.#socket?.bufferedAmount ?? 0;
  }

  send(data) {
    this.#socket.send(data);
  }

  /** Opens a new connection at once: the present one is open by name only. */
  renew() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#attempt = 0;
    this.#drop();
    this.#open();
  }

  #wake(why) {
    if (why === "seen" && this.open) return;
    this.renew();
  }

  #open() {
    const address = new URL(this.#path, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#attempt = 0;
      this.#handlers.opened?.();
    });
    socket.addEventListener("message", (event) => this.#heard(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => this.#closed(socket, event));
  }

  /** A refusal's words come in a message: the server cannot send them with the close code. */
  #heard(message) {
    if (message.type === "refused") this.#why = message.message;
    if (message.type === "hello") this.#doubted = false;
    this.#handlers.message?.(message);
  }

  #closed(socket, event) {
    if (socket !== this.#socket) return; // one that was dropped on purpose
    this.#socket = null;
    if (event.code >= REFUSED_FROM && !this.#mayBeSignedInNow(event.code)) {
      this.stop();
      this.#handlers.refused?.(this.#why);
      return;
    }
    const wait = waitBefore(this.#attempt++);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#open();
    }, wait);
    this.#handlers.lost?.(wait);
  }

  /** Once between greetings: a second no is one to the cookie that the browser has now. */
  #mayBeSignedInNow(code) {
    const first = code === NOT_SIGNED_IN && !this.#doubted;
    this.#doubted = first;
    return first;
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}
