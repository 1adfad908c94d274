// Can the operator hear an alert? Browsers are mute until somebody presses something; the button says which it is.

let context = null;

function tone(at, hertz) {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(0.3, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.22);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.25);
}

function isOn() {
  return context?.state === "running";
}

/** Two rising tones; silent where the sound is off. */
export function alarm() {
  if (!isOn()) return;
  tone(context.currentTime, 660);
  tone(context.currentTime + 0.25, 880);
}

export function wireSound(button) {
  const say = () => {
    button.setAttribute("aria-pressed", String(isOn()));
    button.querySelector("[data-sound-word]").textContent = isOn() ? "Sound is on" : "Sound is off: turn it on";
  };
  const open = async () => {
    context ??= new AudioContext();
    context.onstatechange = say;
    await context.resume();
    say();
  };
  button.addEventListener("click", async () => {
    if (isOn()) return context.suspend();
    await open();
    alarm();
  });
  // Where the person has used the site before, the browser may let it sound at once.
  if (navigator.userActivation?.hasBeenActive || navigator.getAutoplayPolicy?.("audiocontext") === "allowed") open();
  say();
}
