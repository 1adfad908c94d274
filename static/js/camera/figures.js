// How well is it going? Frames per second, latency from capture to result, what was dropped.

const WINDOW_MS = 5000;
const LATENCIES = 200;

/** The value below which a share `p` of `sorted` lies (nearest rank); null where there is none. */
export function percentile(sorted, p) {
  if (sorted.length === 0) return null;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))];
}

export class Figures {
  #results = []; // times of results, ms, within the window
  #first = null;
  #latencies = []; // ms, the newest LATENCIES
  sent = 0;
  dropped = 0;

  result(now, capturedAt) {
    this.#first ??= now;
    this.#results.push(now);
    this.#latencies.push(now - capturedAt);
    if (this.#latencies.length > LATENCIES) this.#latencies.shift();
  }

  /** fps over the last 5 s, or over what there is of them; p50 and p95 in ms over the last 200 results, null before the first. */
  summary(now) {
    this.#results = this.#results.filter((time) => now - time < WINDOW_MS);
    const sorted = [...this.#latencies].sort((a, b) => a - b);
    return {
      fps: this.#rate(now),
      p50: percentile(sorted, 0.5),
      p95: percentile(sorted, 0.95),
      sent: this.sent,
      dropped: this.dropped,
    };
  }

  #rate(now) {
    if (this.#first === null) return 0;
    const window = Math.min(WINDOW_MS, Math.max(1000, now - this.#first));
    return this.#results.length / (window / 1000);
  }
}
