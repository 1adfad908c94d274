// The browser gives no camera: what should the person do? One sentence for every way in which it can say so.

const SENTENCES = {
  NotAllowedError:
    "The browser was not allowed to use the camera. Press the camera sign beside the address, choose Allow, and press Start again. " +
    "If it is allowed there, allow the browser to use the camera in the system's privacy settings.",
  SecurityError:
    "The browser's security settings forbid cameras on this page. Ask whoever manages this machine to allow the camera for this address.",
  NotFoundError: "No camera was found. Plug one in, or switch it on, and press Start again.",
  NotReadableError:
    "The camera is in use by another program, or does not answer. Close other programs that use it, or unplug it and plug it in again; then press Start.",
  OverconstrainedError:
    "This camera cannot deliver the chosen resolution, or is no longer there. Choose another resolution or another camera and press Start again.",
  AbortError: "The camera stopped while it was starting. Unplug it and plug it in again, then press Start.",
  InvalidStateError: "The page was not in front while the camera was starting. Keep this page in view and press Start again.",
  TypeError: "The browser was not asked for a picture. Reload the page and press Start again; if it stays so, tell your administrator.",
};

// Names that older browsers give to the same things.
const OLD_NAMES = {
  PermissionDeniedError: "NotAllowedError",
  DevicesNotFoundError: "NotFoundError",
  TrackStartError: "NotReadableError",
  ConstraintNotSatisfiedError: "OverconstrainedError",
};

const INSECURE =
  "Browsers open cameras only on secure pages. Open this page with https://, or on the server's own machine as http://localhost.";
const NO_CAMERAS =
  "This browser cannot open cameras. Use a current Firefox, Chrome, Edge or Safari, outside of other apps' built-in browsers.";

/** What stands in the way before a camera is even asked for; null if nothing does. */
export function cameraObstacle(page = window) {
  if (!page.isSecureContext) return INSECURE;
  if (!page.navigator.mediaDevices?.getUserMedia) return NO_CAMERAS;
  return null;
}

/** The sentence for what getUserMedia threw. */
export function cameraSentence(error) {
  const name = OLD_NAMES[error.name] ?? error.name;
  return (
    SENTENCES[name] ??
    `The camera could not be started (${error.name}). Unplug it and plug it in again, reload the page and press Start.`
  );
}
