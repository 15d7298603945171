// A finding that is being written is kept in the browser until the server has it, and sent again after a lost answer.
// The form works without any of this.

const RETRY = 8000;

function filled(form) {
  const said = {};
  for (const field of form.elements) {
    if (!field.name || field.type === "file" || field.type === "submit" || field.name === "csrf_token") continue;
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked) said[field.name] = field.value;
    } else {
      said[field.name] = field.value;
    }
  }
  return said;
}

function fill(form, said) {
  for (const field of form.elements) {
    if (!field.name || !(field.name in said) || field.type === "file") continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === said[field.name];
    else field.value = said[field.name];
  }
}

// Files have no place in the storage of the browser: a photograph stays as long as the page does.
class Draft {
  constructor(around) {
    this.around = around;
    this.key = `draft:${location.pathname}`;
    this.begin();
    window.addEventListener("online", () => this.again());
    setInterval(() => this.again(), RETRY);
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting) event.preventDefault();
    });
  }

  begin() {
    this.form = this.around.querySelector("form");
    this.waiting = null;
    this.sending = false;
    this.form.addEventListener("input", () => this.keep());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      // After the listener of every form, which holds back a second click.
      if (!this.sending) this.send(new FormData(this.form, event.submitter));
    });
    if (!this.form.querySelector(".error-summary, .said-before")) this.restore();
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify(filled(this.form)));
    } catch {
      // The storage is full or shut: the page still holds what was typed.
    }
  }

  forget() {
    localStorage.removeItem(this.key);
  }

  restore() {
    // A link that brings something of its own is not overwritten.
    if (location.search) return;
    const kept = localStorage.getItem(this.key);
    if (!kept) return;
    fill(this.form, JSON.parse(kept));
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-sm btn-secondary";
    drop.textContent = "Begin anew";
    drop.addEventListener("click", () => {
      this.forget();
      location.reload();
    });
    this.say("What you had typed is here again. It is not saved yet.", drop);
  }

  say(words, ...more) {
    this.said ??= document.createElement("div");
    this.said.className = "note unsent";
    this.said.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = words;
    this.said.replaceChildren(text, ...more);
    this.form.prepend(this.said);
  }

  again() {
    if (this.waiting && !this.sending && navigator.onLine) this.send(this.waiting);
  }

  async send(said) {
    this.sending = true;
    this.keep();
    let answer;
    try {
      answer = await fetch(this.form.action, { method: "POST", body: said, headers: { Accept: "text/html" } });
    } catch {
      this.notSaved(said, "Not saved: there is no connection. It is sent again by itself; leave this page open.");
      return;
    }
    if (answer.redirected && new URL(answer.url).pathname.endsWith("/sign-in")) {
      this.notSaved(null, "Not saved: you are signed out. Sign in in another window, then send it here again.");
    } else if (answer.redirected) {
      this.forget();
      this.waiting = null;
      location.assign(answer.url);
    } else if (answer.status >= 500) {
      this.notSaved(said, "Not saved: the server did not take it. It is sent again by itself; leave this page open.");
    } else if (answer.status === 422 || answer.status === 413) {
      this.show(await answer.text());
    } else {
      this.notSaved(null, "Not saved. Load this page again: what you typed comes back.");
    }
  }

  notSaved(said, words) {
    this.waiting = said;
    this.sending = false;
    delete this.form.dataset.sent;
    const now = document.createElement("button");
    now.type = "button";
    now.className = "btn btn-sm btn-secondary";
    now.textContent = "Send now";
    now.addEventListener("click", () => !this.sending && this.send(this.waiting ?? new FormData(this.form)));
    this.say(words, now);
  }

  // The form as the server sends it back, with the photograph that was chosen.
  show(page) {
    const files = [...this.form.querySelectorAll("input[type=file]")].map((each) => [each.name, each.files]);
    const answered = new DOMParser().parseFromString(page, "text/html").querySelector("[data-draft]");
    this.around.replaceChildren(...answered.childNodes);
    this.said = null;
    this.begin();
    for (const [name, chosen] of files) {
      const field = this.form.elements[name];
      if (field && !field.closest(".field-invalid")) field.files = chosen;
    }
    this.keep();
    offerWithin(this.around);
    this.form.querySelector(".error-summary, .said-before")?.scrollIntoView({ block: "start" });
    this.form.querySelector(".error-summary")?.focus();
  }
}

// What is typed is looked for; what is chosen becomes a line of the field.
function offerWithin(around) {
  const address = around.closest("[data-offer-at]")?.dataset.offerAt;
  const field = around.querySelector("textarea[data-offer]");
  if (!address || !field) return;
  const search = document.createElement("input");
  const list = document.createElement("datalist");
  list.id = "things-offered";
  search.type = "text";
  search.className = "form-control offer-search";
  search.setAttribute("list", list.id);
  search.setAttribute("autocomplete", "off");
  search.setAttribute("aria-label", "Look for an asset, a licence, a site, a process or a change");
  search.placeholder = "Look for a tag, a reference or a name";
  field.before(search, list);
  let asked = 0;
  const take = () => {
    const line = search.value.trim();
    if (!line) return;
    field.value = field.value.trim() ? `${field.value.trim()}\n${line}` : line;
    search.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  search.addEventListener("input", async () => {
    if ([...list.options].some((each) => each.value === search.value)) {
      take();
      return;
    }
    const number = ++asked;
    if (search.value.trim().length < 2) return;
    let found;
    try {
      found = await (await fetch(`${address}?q=${encodeURIComponent(search.value)}`)).json();
    } catch {
      return;
    }
    if (number !== asked) return;
    list.replaceChildren(
      ...found.map((each) => {
        const option = document.createElement("option");
        option.value = each.name;
        option.label = `${each.name}: ${each.kind.toLowerCase()}${each.says ? `, ${each.says}` : ""}`;
        return option;
      }),
    );
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    take();
  });
}

for (const around of document.querySelectorAll("[data-draft]")) new Draft(around);
for (const around of document.querySelectorAll("[data-offer-at]")) offerWithin(around);
