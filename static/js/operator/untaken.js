// Which answers were not taken while their operator had gone on to another alert? Said beside the card, where it
// outlives whatever card is shown: until that alert is answered, or the person takes it away.

export class Untaken {
  #place;
  #list;

  constructor(place) {
    this.#place = place;
    this.#list = place.querySelector("ul");
    place.querySelector("button").addEventListener("click", () => this.#keep(() => false));
  }

  /** `called`: what the queue calls the alert. */
  say(alert, called, error) {
    this.forget(alert);
    const line = document.createElement("li");
    line.dataset.untaken = alert;
    line.textContent =
      error.status === 0
        ? `Your answer on ${called} may not have been taken: the server could not be reached. Open that alert again.`
        : `Your answer on ${called} was not taken. ${error.message}`;
    this.#list.append(line);
    this.#place.hidden = false;
  }

  forget(alert) {
    this.#keep((line) => line.dataset.untaken !== alert);
  }

  #keep(wanted) {
    this.#list.replaceChildren(...[...this.#list.children].filter(wanted));
    this.#place.hidden = this.#list.children.length === 0;
  }
}
