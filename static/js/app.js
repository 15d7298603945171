// Everything here is a convenience: each page and form works without it.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const shortcuts = {
  get on() {
    return localStorage.getItem("shortcuts") !== "off";
  },
  set on(value) {
    localStorage.setItem("shortcuts", value ? "on" : "off");
  },
};

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));

// The sheet of shortcuts is a page of its own; here it opens above the one being read.
async function showKeys(address) {
  let sheet = document.querySelector("dialog.sheet-dialog");
  if (!sheet) {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    sheet = document.createElement("dialog");
    sheet.className = "sheet-dialog";
    sheet.setAttribute("aria-label", "Keyboard");
    sheet.append(...page.querySelector("[data-keys]").childNodes);
    document.body.append(sheet);
    readySwitch(sheet);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-secondary";
    close.textContent = "Close";
    close.addEventListener("click", () => sheet.close());
    sheet.append(close);
  }
  sheet.showModal();
}

// Single keys can be turned off: speech input types them by accident. [WCAG 2.2, 2.1.4]
function readySwitch(within) {
  const control = within.querySelector("[data-shortcut-switch]");
  if (!control) return;
  const box = control.querySelector("input");
  control.hidden = false;
  box.checked = shortcuts.on;
  box.addEventListener("change", () => {
    shortcuts.on = box.checked;
  });
}

let going = 0;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
    return;
  }
  if (!shortcuts.on || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const keys = document.querySelector("a[data-keys-page]");
  if (event.key === "/") {
    const search = document.querySelector(".search input");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  } else if (event.key === "?" && keys) {
    event.preventDefault();
    showKeys(keys.href);
  } else if (event.key === "g") {
    going = Date.now();
  } else if (Date.now() - going < 1500) {
    going = 0;
    for (const link of document.querySelectorAll(".side .nav-words a")) {
      if (link.textContent.trim().toLowerCase().startsWith(event.key)) {
        link.click();
        return;
      }
    }
  }
});

// In a field that finds something for a larger form, the key Enter finds, and does not send the form.
document.addEventListener("keydown", (event) => {
  const name = event.key === "Enter" && event.target.dataset?.enter;
  const button = name && event.target.form?.querySelector(`button[name="${name}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// A summary of errors that arrived by a swap takes the focus, as it does on a full page.
document.addEventListener("htmx:after:swap", () => document.querySelector(".error-summary")?.focus());

// Filters apply at once; the button stays for those without scripts.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// A form that was sent is not sent again by an impatient second click. It opens again when the page comes back to view,
// and after a while where the answer was a file.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[hx-post], [data-hx-post]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

readySwitch(document);

// On a phone the faces of a page are one row that scrolls: it begins with the one that is open.
for (const face of document.querySelectorAll(".faces [aria-current]")) {
  const row = face.parentElement;
  row.scrollLeft += face.getBoundingClientRect().left - row.getBoundingClientRect().left - 16;
}
