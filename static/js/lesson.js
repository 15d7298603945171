// A lesson that is being written is kept in the browser until the server has it, and who leaves without saving is asked.
// The form works without any of this.

const STORE = "lesson:";
const here = location.pathname + location.search;

function kept(path) {
  try {
    return JSON.parse(localStorage.getItem(STORE + path));
  } catch {
    return null;
  }
}

function forget(path) {
  localStorage.removeItem(STORE + path);
}

// The page behind a lesson is reached from its form once that was sent and taken.
function forgetSaved() {
  if (!document.referrer) return;
  const from = new URL(document.referrer);
  const path = from.pathname + from.search;
  if (from.origin === location.origin && kept(path)?.sent) forget(path);
}

function typed(form) {
  const said = {};
  for (const field of form.elements) {
    if (!field.name || ["file", "submit"].includes(field.type) || field.name === "csrf_token") continue;
    said[field.name] = field.type === "checkbox" ? field.checked : field.value;
  }
  return said;
}

function fill(form, said) {
  for (const field of form.elements) {
    if (!(field.name in said) || field.type === "file") continue;
    if (field.type === "checkbox") field.checked = said[field.name];
    else field.value = said[field.name];
  }
}

// What counts as written: not which version it was written upon.
function words(said) {
  return JSON.stringify({ ...said, version: "" });
}

function write(form, around) {
  const first = typed(form);
  let unsaved = around.dataset.typed === "yes";
  let sending = false;

  function keep(sent = false) {
    try {
      localStorage.setItem(STORE + here, JSON.stringify({ said: typed(form), sent }));
    } catch {
      // The storage is full or shut: the page still holds what was typed.
    }
  }

  function say(words) {
    const note = document.createElement("div");
    note.className = "note";
    note.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = words;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-sm btn-secondary";
    drop.textContent = "Begin anew";
    drop.addEventListener("click", () => {
      forget(here);
      sending = true;
      location.reload();
    });
    note.append(text, drop);
    form.prepend(note);
  }

  function restore() {
    const entry = kept(here);
    if (!entry) return;
    if (words(entry.said) === words(first)) {
      forget(here);
      return;
    }
    fill(form, entry.said);
    unsaved = true;
    form.querySelector("textarea[data-markdown]").dispatchEvent(new Event("input"));
    const since = entry.said.version !== first.version ? " The lesson was changed since: saving shows you both." : "";
    say(`What you had typed is here again. It is not saved yet.${since}`);
  }

  if (unsaved) keep();
  else restore();
  form.addEventListener("input", () => {
    unsaved = words(typed(form)) !== words(first) || around.dataset.typed === "yes";
    if (unsaved) keep();
    else forget(here);
  });
  form.addEventListener("submit", (event) => {
    sending = true;
    // A picture that is added saves nothing of the lesson.
    keep(event.submitter?.name !== "upload");
  });
  window.addEventListener("pageshow", () => {
    sending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !sending) event.preventDefault();
  });
}

const form = document.getElementById("lesson");
if (form) write(form, form.closest(".writing"));
else forgetSaved();
