// Which parts of the page follow what happens at the deployment?
//
//   <div data-fragment="/deployments/…/queue/" data-on="alert.raised alert.changed">…</div>
//
// An element is fetched anew when an event of its kinds arrives, all of them after every (re)connection, so that nothing
// that happened meanwhile is missed, and now and then in case an event was lost on its way.

import { fetchFragment } from "./fragment.js";
import { Socket } from "./socket.js";
import { swap } from "./swap.js";
import { tick } from "./ticks.js";

const ANYWAY_MS = 15_000;

const turns = new WeakMap(); // element -> number of its latest fetch: an older answer that comes later is not shown

async function reload(element) {
  const turn = (turns.get(element) ?? 0) + 1;
  turns.set(element, turn);
  try {
    const html = await fetchFragment(element.dataset.fragment);
    if (turns.get(element) !== turn) return;
    swap(element, html);
    tick();
    element.dispatchEvent(new CustomEvent("fragment", { bubbles: true }));
  } catch (error) {
    sayConnection(error.message);
  }
}

function reloadAll() {
  return Promise.all([...document.querySelectorAll("[data-fragment]")].map(reload));
}

function reloadFor(type) {
  const kinds = (element) => (element.dataset.on ?? "").split(" ");
  return Promise.all(
    [...document.querySelectorAll("[data-fragment]")].filter((element) => kinds(element).includes(type)).map(reload),
  );
}

/** Stands under the bar until the connection is back; "" takes it away. */
function sayConnection(sentence) {
  const place = document.querySelector("[data-connection]");
  place.textContent = sentence;
  place.hidden = !sentence;
}

/** Opens the socket at `path`. `handle(event)` is called after the page's parts have been fetched for it;
 * `caughtUp()` after each (re)connection, when everything has been fetched. */
export function live(path, { handle = () => {}, caughtUp = () => {} } = {}) {
  const socket = new Socket(path, {
    message: async (event) => {
      if (event.type === "hello") {
        sayConnection("");
        await reloadAll();
        caughtUp();
        return;
      }
      await reloadFor(event.type);
      handle(event);
    },
    lost: () => sayConnection("Not connected: what happens now does not show. It is tried again by itself."),
    refused: (reason) => sayConnection(`${reason || "You are no longer told of this deployment."} Reload the page.`),
  });
  socket.start();
  setInterval(() => {
    if (!socket.open) return;
    reloadAll().then(caughtUp);
  }, ANYWAY_MS);
}
