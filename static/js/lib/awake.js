// May the screen go dark? Not while a camera runs or a queue is watched.

let lock = null;
let wanted = false;

async function hold() {
  if (!wanted || document.visibilityState !== "visible" || !navigator.wakeLock) return;
  try {
    lock = await navigator.wakeLock.request("screen");
  } catch {
    lock = null; // low battery, or not allowed: the page works without
  }
}

document.addEventListener("visibilitychange", hold); // the browser lets go of it with every change of tab

export function keepAwake() {
  wanted = true;
  return hold();
}

export function letSleep() {
  wanted = false;
  lock?.release();
  lock = null;
}
