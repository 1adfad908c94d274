// Which parts of the page follow what happens at the deployment?
//
//   <div data-fragment="/deployments/…/queue/" data-on="alert.raised alert.changed">…</div>
//
// An element is fetched anew when an event of its kinds arrives, all of them after every (re)connection, so that nothing
// that happened meanwhile is missed, and now and then in case an event was lost on its way.

import { fetchFragment } from "./fragment.js";
import { Socket } from "./socket.js";
import { renew } from "./swap.js";
import { tick } from "./ticks.js";

const ANYWAY_MS = 15_000;

const turns = new WeakMap(); // element -> number of its latest fetch: an older answer that comes later is not shown
const failed = new Map(); // element -> why its latest fetch failed
let deaf = ""; // why the page is told of nothing

async function reload(element) {
  const turn = (turns.get(element) ?? 0) + 1;
  turns.set(element, turn);
  try {
    const html = await fetchFragment(element.dataset.fragment);
    if (turns.get(element) !== turn) return;
    failed.delete(element);
    renew(element, html);
    tick();
    element.dispatchEvent(new CustomEvent("fragment", { bubbles: true }));
  } catch (error) {
    if (turns.get(element) === turn) failed.set(element, error.message);
  }
  sayConnection();
}

function reloadAll() {
  return Promise.all([...document.querySelectorAll("[data-fragment]")].map(reload));
}

/** Fetches every part anew that follows events of this kind. */
export function reloadFor(type) {
  const kinds = (element) => (element.dataset.on ?? "").split(" ");
  return Promise.all(
    [...document.querySelectorAll("[data-fragment]")].filter((element) => kinds(element).includes(type)).map(reload),
  );
}

/** Stands under the bar until the connection is back and every part has come. */
function sayConnection() {
  const place = document.querySelector("[data-connection]");
  const [sentence = ""] = [deaf, ...failed.values()].filter(Boolean);
  if (place.textContent !== sentence) place.textContent = sentence;
  place.hidden = !sentence;
}

/** "" where the page is told of everything again. */
function sayDeaf(sentence) {
  deaf = sentence;
  sayConnection();
}

/** Opens the socket at `path`. `handle(event)` is called after the page's parts have been fetched for it;
 * `caughtUp()` after each (re)connection, when everything has been fetched. */
export function live(path, { handle = () => {}, caughtUp = () => {} } = {}) {
  const socket = new Socket(path, {
    message: async (event) => {
      if (event.type === "hello") {
        sayDeaf("");
        await reloadAll();
        caughtUp();
        return;
      }
      await reloadFor(event.type);
      handle(event);
    },
    lost: () => sayDeaf("Not connected: what happens now does not show. It is tried again by itself."),
    refused: (reason) => sayDeaf(`${reason || "You are no longer told of this deployment."} Reload the page.`),
  });
  socket.start();
  setInterval(() => {
    if (!socket.open) return;
    reloadAll().then(caughtUp);
  }, ANYWAY_MS);
}
