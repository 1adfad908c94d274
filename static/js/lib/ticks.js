// Which texts on the page move with the clock?
//
//   <time datetime="2026-05-01T10:00:00+00:00" data-since>45 s</time>            age, counting up
//   <time datetime="…" data-until data-over="window over">13 min 05 s</time>      counting down, then `over`
//   <time datetime="…" data-stopwatch>04:05</time>
//   <time data-clock="Europe/London">14:03:22 BST</time>
//
// One timer looks them all up anew, so that swapped-in fragments need no wiring.

import { serverNow } from "./clock.js";
import { span, stopwatch } from "./spans.js";

const clocks = new Map();

function seconds(element) {
  return (serverNow() - Date.parse(element.dateTime)) / 1000;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function localTime(zone) {
  if (!clocks.has(zone)) {
    const format = { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" };
    clocks.set(zone, new Intl.DateTimeFormat("en-GB", format));
  }
  return clocks.get(zone).format(serverNow());
}

export function tick() {
  for (const element of document.querySelectorAll("[data-since]")) say(element, span(seconds(element)));
  for (const element of document.querySelectorAll("[data-stopwatch]")) say(element, stopwatch(seconds(element)));
  for (const element of document.querySelectorAll("[data-until]")) {
    const left = -seconds(element);
    say(element, left > 0 ? `${span(left)}${element.dataset.after ?? ""}` : element.dataset.over);
  }
  for (const element of document.querySelectorAll("[data-clock]")) say(element, localTime(element.dataset.clock));
}

export function startTicking() {
  tick();
  setInterval(tick, 1000);
}
