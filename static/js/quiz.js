// An attempt at a quiz: answers are saved as they are given, and the time left is shown. The server keeps the time; this
// page only shows it, and hands in what is there shortly before it is up.

const form = document.querySelector("[data-quiz]");
const state = form.querySelector("[data-state]");
const PAUSE = 800; // ms without a change before what changed is sent
const EARLY = 3000; // ms before the end at which the answers are handed in
const SHORT = 60; // seconds from which the time left is shown as short
const ends = form.dataset.left === undefined ? null : performance.now() + Number(form.dataset.left) * 1000;
let timer = 0;
let saved = "";
let handing = false;

function show() {
  if (ends === null) {
    state.textContent = saved;
    return;
  }
  const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
  state.classList.toggle("is-short", left <= SHORT);
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left`;
  state.textContent = saved ? `${time}. ${saved}` : time;
}

async function save() {
  if (handing) return;
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "save");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const said = await answer.json();
    if (said.ended) {
      handing = true;
      location.reload();
      return;
    }
    saved = answer.ok ? "All answers are saved." : said.words;
  } catch {
    saved = "Not saved: the server does not answer. It is tried again with your next answer, or press Save.";
  }
  show();
}

form.addEventListener("input", () => {
  saved = "Saving…";
  show();
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
});
form.addEventListener("submit", () => {
  handing = true;
  clearTimeout(timer);
});

if (ends !== null) {
  // Read aloud once a minute at most: a live region that ticks is noise.
  state.setAttribute("aria-live", "off");
  setInterval(show, 1000);
  const handIn = form.querySelector("[value=hand-in]");
  setTimeout(() => {
    // The time is up: nobody is asked about what is not answered.
    handIn.value = "hand-in-anyway";
    form.requestSubmit(handIn);
  }, Math.max(0, ends - performance.now() - EARLY));
}
show();
