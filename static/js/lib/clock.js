// What time is it at the server? Windows, ages and records go by its clock, never by this machine's.

const NOTICEABLE_MS = 5000;

const atServer = Number(document.body.dataset.serverNow);
const ahead = atServer ? Date.now() - atServer : 0;

export function serverNow() {
  return Date.now() - ahead;
}

/** How far this machine's clock is ahead of the server's, in ms; 0 where the difference is too small to matter. */
export function clockError() {
  return Math.abs(ahead) > NOTICEABLE_MS ? ahead : 0;
}
