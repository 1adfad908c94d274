// A worker that beats: timers of a page in the background are slowed to one a second, a worker's are not.

const BEAT_MS = 25;

setInterval(() => postMessage(null), BEAT_MS);
