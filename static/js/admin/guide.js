// What does a promise cost with the recognition models that are chosen? The guide beside the form says it of all that
// are offered; of those not chosen it is put away.

const choice = document.querySelector("select[name=pack]");

function follow() {
  for (const part of document.querySelectorAll("[data-guide-of]")) {
    part.hidden = Boolean(choice?.value) && part.dataset.guideOf !== choice.value;
  }
}

choice?.addEventListener("change", follow);
follow();
