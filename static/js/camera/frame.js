// What does a frame look like on the wire? "LFR1", uint32 sequence, float64 capture time (ms since epoch), JPEG;
// all little-endian.

const MAGIC = "LFR1";
export const HEADER_BYTES = 16;

// The server closes the socket on a message of 1 MiB without being able to say why.
export const LARGEST_JPEG = 900_000;

/** One message as an ArrayBuffer. `sequence` wraps at 2^32. */
export function encodeFrame(sequence, capturedAt, jpeg) {
  const message = new Uint8Array(HEADER_BYTES + jpeg.byteLength);
  const view = new DataView(message.buffer);
  for (let at = 0; at < MAGIC.length; at++) view.setUint8(at, MAGIC.charCodeAt(at));
  view.setUint32(4, sequence >>> 0, true);
  view.setFloat64(8, capturedAt, true);
  message.set(new Uint8Array(jpeg), HEADER_BYTES);
  return message.buffer;
}
