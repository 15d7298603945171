// The preview of a text in Markdown: drawn by the server some time after the last key, so that it is what learners will see.

const PAUSE = 300; // ms without a key

const text = document.querySelector("textarea[data-markdown]");
const shown = document.querySelector("[data-preview]");
let timer = 0;
let last = 0;

async function draw() {
  const turn = (last += 1);
  const body = new FormData();
  body.set("body", text.value);
  body.set("csrf_token", text.form.querySelector("[name=csrf_token]").value);
  try {
    const answer = await fetch(shown.dataset.preview, { method: "POST", body });
    // A later text may have been answered first; who is signed out by now is sent elsewhere.
    // What is too long is told in words as well.
    if ((answer.ok || answer.status === 413) && !answer.redirected && turn === last) shown.innerHTML = await answer.text();
  } catch {
    // Without the server the preview stays as it was; saving says what is wrong.
  }
}

text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(draw, PAUSE);
});
