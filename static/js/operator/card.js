// Which alert is looked at, and what is answered to it? The card comes from the server and is fetched anew whenever
// the alert changes: another operator's answer shows at once and takes the form away.

import { serverNow } from "../lib/clock.js";
import { fetchFragment, FragmentError } from "../lib/fragment.js";
import { swap } from "../lib/swap.js";
import { tick } from "../lib/ticks.js";

export class CardView {
  #place;
  #pictures;
  #turn = 0;

  constructor(place, pictures) {
    this.#place = place;
    this.#pictures = pictures;
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
    try {
      const html = await fetchFragment(url);
      if (turn === this.#turn) this.#show(html);
    } catch (error) {
      this.#complain(error);
    }
  }

  /** Fetches the shown alert anew. */
  refresh() {
    return this.alert ? this.open(this.#card.dataset.url) : null;
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

  #show(html) {
    const before = this.alert;
    swap(this.#place, html);
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

  async #send(event) {
    const form = event.target.closest("form[data-decide]");
    if (!form) return;
    event.preventDefault();
    const button = form.querySelector("button[data-record]");
    button.disabled = true;
    const turn = ++this.#turn;
    try {
      const html = await fetchFragment(form.action, new FormData(form));
      if (turn === this.#turn) this.#show(html);
    } catch (error) {
      this.#complain(error);
      button.disabled = false;
    }
  }

  /** When the time runs out the form goes away, whether or not word of it has come. */
  #expire() {
    const until = this.#card?.dataset.expires;
    if (this.asks && until && serverNow() > Date.parse(until) + 250) this.refresh();
  }

  #complain(error) {
    if (!(error instanceof FragmentError)) throw error;
    const place = this.#place.querySelector("[data-problem]");
    if (!place) {
      this.#place.textContent = error.message;
      return;
    }
    place.textContent = error.message;
    place.hidden = false;
  }
}
