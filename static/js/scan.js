// Counting without leaving the field: Enter, as scanners send it, counts the line at once while the next one is typed.
// Tags are sent one after another in the order in which they came; one that could not be sent returns to the field.

const form = document.querySelector("form[data-count]");
const field = form?.querySelector("[data-scan]");
const waits = form?.querySelector("[data-waits]");
let queue = [];
let sending = false;

function tell(words) {
  waits.textContent = words;
}

function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const counted = page.querySelector("[data-counted]");
  if (!counted) return false;
  document.querySelector("[data-counted]").replaceWith(counted);
  const said = [...page.querySelectorAll(".messages .message, .error-summary li")].map((each) => each.textContent.trim());
  tell(said.join(" "));
  return true;
}

async function send() {
  if (sending) return;
  sending = true;
  while (queue.length) {
    const batch = queue.slice(0, 500);
    tell(`${queue.length} ${queue.length === 1 ? "tag waits" : "tags wait"} to be counted`);
    const data = new FormData(form);
    data.set("tags", batch.join("\n"));
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      if (!answer.ok || !show(await answer.text())) throw new Error(`${answer.status}`);
    } catch {
      field.value = [...queue, field.value].filter(Boolean).join("\n");
      queue = [];
      tell("These could not be counted. Check the line, and count them again.");
      break;
    }
    queue = queue.slice(batch.length);
  }
  sending = false;
}

if (field) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    const tags = field.value.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
    field.value = "";
    queue.push(...tags);
    send();
  });
  // Whoever leaves while tags wait is asked first.
  window.addEventListener("beforeunload", (event) => {
    if (sending || queue.length) event.preventDefault();
  });
}
