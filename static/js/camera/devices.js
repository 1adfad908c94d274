// Which cameras does this machine have, and how is one opened or the sample footage played instead?

export const FOOTAGE = "footage";

const seen = new WeakSet(); // lists that are being filled for the first time, or have been
const chosenFrom = new WeakSet(); // lists whose value is to be kept

/** Fills `select` with the cameras, keeping what the person chose; until then `before`, what was chosen before the page
 * was loaded, or the first camera, else the footage. Their names are known once one was allowed. */
export async function listCameras(select, before = null) {
  if (!seen.has(select)) {
    seen.add(select);
    // Some machines take seconds to name their cameras: a person may choose the footage before that.
    select.addEventListener("change", () => chosenFrom.add(select));
  }
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const cameras = devices.filter((device) => device.kind === "videoinput");
  const chosen = chosenFrom.has(select) ? select.value : before;
  chosenFrom.add(select);
  for (const option of [...select.options]) if (option.value !== FOOTAGE) option.remove();
  cameras.forEach((camera, at) => {
    select.add(new Option(camera.label || `Camera ${at + 1}`, camera.deviceId), at);
  });
  if (cameras.length === 0) select.add(new Option("This machine's camera", ""));
  const kept = chosen !== null && [...select.options].some((option) => option.value === chosen);
  select.value = kept ? chosen : select.options[0].value;
}

/** Asks for the camera `deviceId` ("" for any). Rejects with what getUserMedia threw. */
export function askForCamera(deviceId, width) {
  const height = Math.round((width * 9) / 16);
  const wanted = { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30 } };
  if (deviceId) wanted.deviceId = { exact: deviceId };
  return navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
}

/** Plays the footage at `url` into `video`, once, from its beginning. */
export async function openFootage(video, url) {
  video.srcObject = null;
  video.src = url;
  video.loop = false;
  await video.play();
}

export function closeSource(video) {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.pause();
  video.srcObject = null;
  video.removeAttribute("src");
  video.load();
}

/** True if a camera's track has ended without anybody stopping it: unplugged, or the machine slept. */
export function cameraEnded(video) {
  return video.srcObject?.getVideoTracks().some((track) => track.readyState === "ended") ?? false;
}
