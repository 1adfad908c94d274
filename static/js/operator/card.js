// Which alert is looked at, and what is answered to it? The card comes from the server and is fetched anew whenever
// the alert changes: another operator's answer shows at once and takes the form away. What a person was told of their
// own answer stays for as long as they look at that alert; where they have gone on, it is said beside the card.

import { serverNow } from "../lib/clock.js";
import { fetchFragment, FragmentError } from "../lib/fragment.js";
import { renew, swap } from "../lib/swap.js";
import { tick } from "../lib/ticks.js";

/** What a card says of the answer that it was the reply to; "" where that was taken. */
function refusalIn(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const told = [...template.content.querySelectorAll("[data-told]")];
  return told.map((place) => place.textContent.trim()).filter(Boolean).join(" ");
}

export class CardView {
  #place;
  #pictures;
  #untaken;
  #turn = 0;
  #opening = null; // address of the card that is being fetched
  #sent = Promise.resolve(); // settled once the last answer has been taken or refused
  #awaiting = false; // a refresh waits for that: one is enough

  constructor(place, pictures, untaken) {
    this.#place = place;
    this.#pictures = pictures;
    this.#untaken = untaken;
    place.addEventListener("submit", (event) => this.#send(event));
    place.addEventListener("change", (event) => this.#answerChosen(event.target));
    setInterval(() => this.#expire(), 1000);
  }

  get #card() {
    return this.#place.querySelector("[data-card]");
  }

  /** Id of the alert that is shown, or undefined. */
  get alert() {
    return this.#card?.dataset.card;
  }

  /** True while the alert that is shown waits for this person's answer. */
  get asks() {
    return this.#form !== null;
  }

  get #form() {
    return this.#place.querySelector("form[data-decide]");
  }

  async open(url) {
    const turn = ++this.#turn;
    this.#opening = url;
    try {
      const html = await fetchFragment(url);
      if (turn === this.#turn) this.#refetched(html);
    } catch (error) {
      this.#complain(error, "[data-problem]");
    } finally {
      if (turn === this.#turn) this.#opening = null;
    }
  }

  /** Fetches the shown alert anew, though never ahead of another that was asked for or of the word on an answer. */
  async refresh() {
    if (this.#awaiting) return;
    this.#awaiting = true;
    await this.#sent;
    this.#awaiting = false;
    const url = this.#opening ?? this.#card?.dataset.url;
    if (url) await this.open(url);
  }

  choose(answer) {
    const input = this.#form?.querySelector(`input[name=answer][value="${answer}"]`);
    if (!input) return;
    input.checked = true;
    input.focus();
    this.#answerChosen(input);
  }

  chooseReason(number) {
    const input = this.#form?.querySelector("[data-reasons]:not([hidden])")?.querySelectorAll("input")[number - 1];
    if (input) input.checked = true;
    input?.focus();
  }

  submit() {
    this.#form?.requestSubmit();
  }

  /** What is told of an answer stays where the alert is the same; that it could not be fetched is over. */
  #refetched(html) {
    const [before, told] = [this.alert, this.#place.querySelectorAll("[data-told]")];
    const problem = this.#place.querySelector("[data-problem]");
    if (problem) problem.hidden = true;
    if (!renew(this.#place, html)) return;
    if (this.alert === before)
      for (const old of told) this.#place.querySelector(`[data-told="${old.dataset.told}"]`)?.replaceWith(old);
    this.#wire(before);
  }

  #answered(html) {
    const before = this.alert;
    swap(this.#place, html); // also where it is the same as before: that it is still wrong is said again
    this.#wire(before);
  }

  #wire(before) {
    if (this.alert === before) this.#pictures.redraw();
    else this.#pictures.reset();
    this.#answerChosen(this.#form?.querySelector("input[name=answer]:checked"));
    tick();
  }

  /** Only the reasons of the chosen answer stand there to be picked. */
  #answerChosen(input) {
    if (!this.#form || (input && input.name !== "answer")) return;
    for (const list of this.#form.querySelectorAll("[data-reasons]")) {
      list.hidden = list.dataset.reasons !== input?.value;
      if (list.hidden) for (const reason of list.querySelectorAll("input")) reason.checked = false;
    }
  }

  #send(event) {
    const form = event.target.closest("form[data-decide]");
    if (!form) return;
    event.preventDefault();
    const button = form.querySelector("button[data-record]");
    if (!button.disabled) this.#sent = this.#deliver(form, button);
  }

  async #deliver(form, button) {
    button.disabled = true;
    const turn = ++this.#turn;
    this.#opening = null;
    const { card: alert, called } = form.closest("[data-card]").dataset;
    try {
      const html = await fetchFragment(form.action, new FormData(form));
      const refusal = refusalIn(html);
      if (turn === this.#turn) this.#answered(html);
      else if (refusal) throw new FragmentError(refusal, 409);
      if (!refusal) this.#untaken.forget(alert);
    } catch (error) {
      button.disabled = false;
      // "Press it again" stands in the form and goes with it: the answer may have been taken and its receipt lost.
      if (turn === this.#turn) this.#complain(error, error.status === 0 ? "[data-told=unsent]" : "[data-told=card]");
      else if (error instanceof FragmentError) this.#untaken.say(alert, called, error);
      else throw error;
    }
  }

  /** When the time runs out the form goes away, whether or not word of it has come. */
  #expire() {
    const until = this.#card?.dataset.expires;
    if (this.asks && !this.#opening && until && serverNow() > Date.parse(until) + 250) this.refresh();
  }

  #complain(error, where) {
    if (!(error instanceof FragmentError)) throw error;
    const place = this.#place.querySelector(where);
    if (!place) {
      this.#place.textContent = error.message;
      return;
    }
    place.textContent = error.message;
    place.hidden = false;
  }
}
