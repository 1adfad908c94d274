// When may everything that was open be dead without anybody having said so?

const BEAT_MS = 1000;
const SLEPT_MS = 5000;

/** Calls `wake` after a laptop slept (the clock jumped), after the network came back and when the page is seen again. */
export function onWake(wake) {
  let last = Date.now();
  const beat = setInterval(() => {
    const now = Date.now();
    if (now - last > BEAT_MS + SLEPT_MS && document.visibilityState === "visible") wake("slept");
    last = now;
  }, BEAT_MS);
  const online = () => wake("online");
  const seen = () => document.visibilityState === "visible" && wake("seen");
  window.addEventListener("online", online);
  document.addEventListener("visibilitychange", seen);
  return () => {
    clearInterval(beat);
    window.removeEventListener("online", online);
    document.removeEventListener("visibilitychange", seen);
  };
}
