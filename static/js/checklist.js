// The checklist without waiting: one question open at a time, each change sent by itself, and nothing typed ever lost.
//
// A change becomes an entry with a number of its own making. It is kept in this browser until the answer says that it is
// saved; after a lost answer it is sent again with the same number, so that it is made once. An entry that was never sent
// may still grow; one that was sent stays as it is. What the server refuses stays here too, with the reason at its field.

const root = document.querySelector("[data-checklist]");
const pattern = root.querySelector("[data-pattern]");
const banner = root.querySelector("[data-unsaved]");
const bannerWords = root.querySelector("[data-unsaved-words]");
const signedOutLink = root.querySelector("[data-signed-out]");
const heads = [...root.querySelectorAll(".item-head")];
const filter = root.querySelector("form[data-filter]");
const filtered = filter.querySelector("[data-plain]");
const FIELDS = ["result", "evidence", "notes", "people_met", "documents_seen", "samples", "assigned_to_id"];
const TYPED_FOR = 700; // ms without a key before what is typed is sent
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60000;
const POLL = 6000;
const STORE = `checklist/${root.dataset.me}/${root.dataset.place}/${root.dataset.checklist}/`;
const places = new Set(root.dataset.places.split(" ").filter(Boolean));

const items = new Map(); // id -> what is saved, as far as this page knows
const bases = new Map(); // id -> what was saved when the auditor last saw it, by field: what a change is made on
const entries = []; // in the order in which they were made
let token = pattern.content.querySelector("[name=csrf_token]").value;
let seen = 0; // how far the journal had come when this page last asked
let known = false; // whether the state has been fetched whole
let current = null; // the id of the question that is open
let sending = false;
let pause = 0;
let timer = 0;
let signedOut = false;

const idOf = (head) => Number(head.parentElement.id.slice(5));
const headOf = (id) => document.querySelector(`#item-${id} > .item-head`);
const bodyOf = (id) => document.querySelector(`#item-${id} > .item-body`);
const waiting = (id) => entries.filter((each) => each.item === id && !each.held);
const held = (id) => entries.filter((each) => each.item === id && each.held);

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Without TLS a browser has no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---- Entries: kept in this browser until they are saved

function keep(entry) {
  try {
    localStorage.setItem(STORE + entry.key, JSON.stringify(entry));
  } catch {
    // A full or closed store: the entry is still on the page, and leaving it is asked about.
  }
}

function drop(entry) {
  entries.splice(entries.indexOf(entry), 1);
  localStorage.removeItem(STORE + entry.key);
}

function takeBack() {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(STORE)) continue;
    try {
      const entry = JSON.parse(localStorage.getItem(name));
      if (document.getElementById(`item-${entry.item}`)) entries.push(entry);
      else orphaned(name, entry);
    } catch {
      localStorage.removeItem(name);
    }
  }
  entries.sort((a, b) => a.made - b.made);
}

// A question can be taken away while nothing was saved on it: what was typed on it here is shown before it goes.
function orphaned(name, entry) {
  const box = document.createElement("div");
  box.className = "note two-versions";
  const words = document.createElement("p");
  words.className = "as-written";
  const texts = Object.entries(entry.fields).map(([field, said]) => `${field.replaceAll("_", " ")}: ${said.to}`);
  words.textContent = `Not saved, and its question is no longer there. ${texts.join("\n")}`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-secondary";
  button.textContent = "Throw this away";
  button.addEventListener("click", () => {
    localStorage.removeItem(name);
    box.remove();
  });
  box.append(words, button);
  root.prepend(box);
}

// What stands in a field as far as this page knows: saved, and over it what waits or was refused.
function valueOf(id, field) {
  let value = items.get(id)?.[field] ?? "";
  for (const entry of entries) if (entry.item === id && field in entry.fields) value = entry.fields[field].to;
  return value;
}

// What a change of this field builds on: what waits before it, else what is saved.
function baseOf(id, field) {
  let value = bases.get(id)?.[field] ?? items.get(id)?.[field] ?? (field === "result" ? headOf(id).dataset.saved : "");
  for (const entry of waiting(id)) if (field in entry.fields) value = entry.fields[field].to;
  return value;
}

function note(id, field, to, reason) {
  for (const entry of held(id)) {
    // What the server refused is asked again together with what is said now; what somebody else changed waits for a
    // decision, and goes on being typed in the meantime.
    if (entry.theirs && field in entry.fields && field in entry.theirs) {
      entry.fields[field].to = to;
      keep(entry);
      tell();
      return;
    }
  }
  let entry = waiting(id).find((each) => !each.sent);
  if (!entry) {
    entry = { key: newKey(), item: id, made: Date.now() + entries.length / 1000, fields: {}, sent: false };
    entries.push(entry);
  }
  for (const refused of held(id)) {
    if (refused.theirs) continue;
    for (const [name, said] of Object.entries(refused.fields)) entry.fields[name] ??= said;
    if (refused.reason) entry.reason ??= refused.reason;
    drop(refused);
  }
  const from = baseOf(id, field);
  const before = entry.fields[field];
  entry.fields[field] = { to, seen: before ? before.seen : from };
  if (reason !== undefined) entry.reason = reason;
  // Typed back to what it was: nothing is to be said.
  if (entry.fields[field].to === entry.fields[field].seen) delete entry.fields[field];
  if (Object.keys(entry.fields).length) keep(entry);
  else drop(entry);
  tell();
}

// ---- Sending, one after the other, with a growing pause after a failure

function soon(after) {
  clearTimeout(timer);
  timer = setTimeout(send, after);
}

async function send() {
  if (sending) return;
  const entry = entries.find((each) => !each.held);
  if (!entry) return;
  sending = true;
  entry.sent = true;
  keep(entry);
  const data = new URLSearchParams({ entry_key: entry.key });
  if (entry.reason) data.set("reason", entry.reason);
  for (const [field, said] of Object.entries(entry.fields)) {
    data.set(field, said.to);
    data.set(`seen_${field}`, said.seen);
  }
  let answer = null;
  try {
    answer = await fetch(`${root.dataset.state.replace(/state$/, "items/")}${entry.item}`, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json", "X-CSRFToken": token },
      redirect: "manual",
      signal: AbortSignal.timeout(15000),
    });
    await received(entry, answer);
  } catch {
    failed();
  }
  sending = false;
  tell();
  if (entries.some((each) => !each.held)) soon(pause);
}

async function received(entry, answer) {
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    signedOut = true;
    failed();
    return;
  }
  if (answer.status === 400) {
    // Signed in anew, the old token of this page is worth nothing: take a new one and send the same again.
    await poll(true);
    entry.stale = (entry.stale ?? 0) + 1;
    if (entry.stale > 2) hold(entry, "The server could not read this. Load the page again; what you typed is kept here.");
    else failed();
    return;
  }
  if (answer.status >= 500 || answer.status === 429) {
    failed();
    return;
  }
  const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  pause = 0;
  signedOut = false;
  if (answer.ok) {
    drop(entry);
    for (const [field, { to }] of Object.entries(entry.fields)) base(entry.item, field, to);
    know(said);
  } else if (answer.status === 409 && said.theirs) {
    hold(entry, said.words, null, said.theirs);
  } else if (answer.status === 409) {
    // Outrun by somebody else at the same moment; it may be sent again.
    failed();
  } else if (answer.status === 422) {
    hold(entry, said.words ?? "This was refused.", said.field);
  } else {
    hold(entry, { 403: "You may no longer work on this audit.", 404: "This question is no longer there." }[answer.status] ?? `The server refused this (${answer.status}).`);
  }
}

function failed() {
  pause = Math.min(pause ? pause * 2 : FIRST_PAUSE, LONGEST_PAUSE);
}

function hold(entry, words, field = null, theirs = null) {
  Object.assign(entry, { held: true, words, field, theirs });
  // The same number would be taken for the same words, and these may change now.
  localStorage.removeItem(STORE + entry.key);
  entry.key = newKey();
  entry.sent = false;
  for (const each of waiting(entry.item)) {
    // What was typed since builds on what was seen then, not on what was refused.
    for (const name of Object.keys(each.fields)) {
      if (name in entry.fields && !each.sent) each.fields[name].seen = entry.fields[name].seen;
    }
  }
  if (theirs) for (const [name, value] of Object.entries(theirs)) patch(entry.item, { [name]: value });
  keep(entry);
  draw(entry.item);
}

function base(id, field, value) {
  if (!bases.has(id)) bases.set(id, {});
  bases.get(id)[field] = value;
}

function patch(id, some) {
  items.set(id, { ...items.get(id), ...some });
}

// Which of two versions stands is the auditor's word; either way the other one was seen.
function settle(entry, field, to) {
  const theirs = entry.theirs[field];
  delete entry.theirs[field];
  if (to === theirs) delete entry.fields[field];
  else entry.fields[field] = { to, seen: theirs };
  if (!Object.keys(entry.theirs).length) {
    Object.assign(entry, { held: false, words: null, theirs: null });
    if (!Object.keys(entry.fields).length) drop(entry);
    else keep(entry);
  } else {
    keep(entry);
  }
  draw(entry.item);
  tell();
  soon(0);
}

// ---- What others say

function know(item) {
  // An answer that was on its way while something newer was saved says nothing new.
  if (!item.id || item.version < (items.get(item.id)?.version ?? 0)) return;
  items.set(item.id, { ...items.get(item.id), ...item });
  draw(item.id);
}

async function poll(always = false) {
  if (!always && (document.hidden || sending)) return;
  const address = known ? `${root.dataset.state}?since=${seen}` : root.dataset.state;
  const answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(15000) });
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    signedOut = true;
    tell();
    return;
  }
  if (!answer.ok) return;
  const said = await answer.json();
  const wasOut = signedOut;
  token = said.token;
  seen = said.seen;
  known = true;
  signedOut = false;
  for (const item of said.items) {
    if (document.getElementById(`item-${item.id}`)) know(item);
    else root.querySelector("[data-more]").hidden = false;
  }
  for (const id of said.gone) {
    if (document.getElementById(`item-${id}`)) root.querySelector("[data-more]").hidden = false;
  }
  if (current !== null) fill(current);
  if (wasOut) {
    pause = 0;
    soon(0);
  }
  tell();
}

async function watch() {
  try {
    await poll();
  } catch {
    // Offline: asked again in a while.
  }
  setTimeout(watch, known ? POLL : FIRST_PAUSE);
}

// ---- Drawing

function radio(result) {
  return pattern.content.querySelector(`[name=result][value="${result}"]`);
}

function draw(id) {
  const item = items.get(id);
  const head = headOf(id);
  if (!head) return;
  const result = valueOf(id, "result") || head.dataset.result;
  if (result !== head.dataset.result) {
    head.dataset.result = result;
    const badge = head.querySelector(".badge-word");
    const shape = document.createElement("i");
    shape.className = `shape shape-${radio(result).dataset.shape}`;
    shape.setAttribute("aria-hidden", "true");
    badge.replaceChildren(shape, radio(result).dataset.label);
    count();
  }
  if (item && "by" in item) {
    const auditor = pattern.content.querySelector(`[name=assigned_to_id] option[value="${item.assigned_to_id}"]`);
    head.querySelector(".item-who").textContent = item.by
      ? `${item.by}, ${item.at}`
      : item.assigned_to_id && auditor
        ? `for ${auditor.textContent.split(",")[0]}`
        : "";
  }
  mark(head, id);
  if (current === id) fill(id);
}

function mark(head, id) {
  const late = (pause > 0 || signedOut) && waiting(id).length > 0;
  const says = held(id).length ? "refused" : late ? "not saved" : "";
  let mark = head.querySelector(".item-unsaved");
  if (!says) {
    mark?.remove();
  } else {
    mark ??= head.appendChild(Object.assign(document.createElement("span"), { className: "item-unsaved" }));
    if (mark.textContent !== says) mark.textContent = says;
  }
}

function count() {
  const many = {};
  for (const head of heads) many[head.dataset.result] = (many[head.dataset.result] ?? 0) + 1;
  for (const each of root.querySelectorAll("[data-count]")) {
    const number = many[each.dataset.count] ?? 0;
    each.hidden = !number;
    each.querySelector("strong").textContent = number;
  }
  const done = heads.length - (many["not-assessed"] ?? 0);
  root.querySelector("[data-progress]").value = done;
  document.querySelector(".status-line").textContent = `${done} of ${heads.length} assessed.`;
}

function tell() {
  for (const id of new Set([...entries.map((each) => each.item), ...marked])) mark(headOf(id), id);
  marked = new Set(entries.map((each) => each.item));
  root.dataset.waiting = entries.length;
  const refused = entries.filter((each) => each.held).length;
  // What is being sent for the first time is no news yet.
  const late = entries.filter((each) => !each.held && (pause > 0 || signedOut)).length;
  const parts = [];
  if (late) parts.push(`${late} ${late === 1 ? "entry is" : "entries are"} not saved yet, kept in this browser and sent again.`);
  if (refused) parts.push(`${refused} ${refused === 1 ? "entry was" : "entries were"} refused and ${refused === 1 ? "waits" : "wait"} for you.`);
  if (signedOut) parts.push("You are signed out: sign in again, then this page goes on.");
  else if (!navigator.onLine) parts.push("There is no network.");
  const words = parts.join(" ");
  banner.hidden = !(late || refused || signedOut);
  if (bannerWords.textContent !== words) bannerWords.textContent = words;
  signedOutLink.hidden = !signedOut;
  banner.querySelector("[data-again-now]").hidden = !late;
}
let marked = new Set();

function control(body, field) {
  return field === "result" ? body.querySelector("[name=result]:checked") : body.querySelector(`[name=${field}]`);
}

// Fill in what is known, without touching what is being typed.
function fill(id) {
  const body = bodyOf(id);
  if (!body || !body.dataset.open) return;
  const item = items.get(id) ?? {};
  for (const field of FIELDS) {
    const value = valueOf(id, field);
    if (field === "result") {
      const chosen = body.querySelector(`[name=result][value="${value || headOf(id).dataset.result}"]`);
      if (chosen && !chosen.checked && !asking(body)) chosen.checked = true;
      if (known) base(id, field, item.result);
      continue;
    }
    const box = body.querySelector(`[name=${field}]`);
    // Before it is known what is saved, nothing is typed over it.
    box.disabled = !known;
    if (!known || box === document.activeElement) continue;
    if (box.value !== value) box.value = value;
    base(id, field, item[field] ?? "");
  }
  body.querySelector("[data-guidance]").textContent = item.guidance ?? "";
  const assessed = (item.result ?? "not-assessed") !== "not-assessed";
  if (!assessed) body.querySelector("[data-again]").hidden = true;
  body.querySelector("[data-remove]").hidden = assessed;
  const raise = body.querySelector("[data-raise]");
  if (raise) {
    raise.hidden = !body.querySelector("[name=result]:checked")?.hasAttribute("data-finding");
    raise.href = pattern.content.querySelector("[data-raise]").getAttribute("href").replace("item=0", `item=${id}`);
  }
  const found = (item.findings ?? []).map((reference) => {
    const link = document.createElement("a");
    link.href = (root.dataset.finding ?? "").replace("REFERENCE", encodeURIComponent(reference));
    link.textContent = reference;
    return link;
  });
  body.querySelector("[data-findings]").replaceChildren(...found.flatMap((link) => [link, " "]));
  const photograph = pattern.content.querySelector("[data-photograph]").getAttribute("href");
  body.querySelector("[data-photograph]").href = photograph.replace("/item/0", `/item/${id}`);
  const files = (item.files ?? []).map((file) => {
    const link = document.createElement("a");
    link.href = file.url;
    link.textContent = file.name;
    return link;
  });
  body.querySelector("[data-files]").replaceChildren(...files.flatMap((link) => [link, " "]));
  say(id, body);
}

const asking = (body) => !body.querySelector("[data-again]").hidden;

// The words of a refusal at its field, and of two versions both.
function say(id, body) {
  for (const place of body.querySelectorAll("[data-says]")) place.replaceChildren();
  body.querySelector("[data-told]").replaceChildren();
  for (const entry of held(id)) {
    if (entry.theirs) {
      for (const [field, theirs] of Object.entries(entry.theirs)) {
        body.querySelector(`[data-says=${field}]`).append(versions(entry, field, theirs, body));
      }
      continue;
    }
    const place = body.querySelector(`[data-says="${entry.field}"]`) ?? body.querySelector("[data-told]");
    const words = document.createElement("p");
    words.className = "field-error";
    words.textContent = entry.words;
    place.append(words);
    if (entry.field === "reason") body.querySelector("[data-again]").hidden = false;
  }
}

function versions(entry, field, theirs, body) {
  const box = document.createElement("div");
  box.className = "note two-versions";
  const words = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = "Somebody else wrote meanwhile: ";
  const text = document.createElement("span");
  text.className = "as-written";
  text.textContent = shown(field, theirs, body) || "nothing";
  words.append(strong, text);
  box.append(words);
  const mine = entry.fields[field].to;
  const choices = [
    [field === "result" ? `Keep mine: ${shown(field, mine, body).toLowerCase()}` : "Keep mine", () => entry.fields[field].to],
    ["Take theirs", () => theirs],
  ];
  if (field !== "result" && field !== "assigned_to_id" && theirs && mine) choices.push(["Keep both", () => `${theirs}\n${entry.fields[field].to}`]);
  for (const [label, to] of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary";
    button.textContent = label;
    button.addEventListener("click", () => {
      settle(entry, field, to());
      const target = control(bodyOf(entry.item), field);
      if (target && field !== "result") {
        target.value = valueOf(entry.item, field);
        target.focus();
      } else {
        headOf(entry.item).focus();
      }
    });
    box.append(button);
  }
  return box;
}

function shown(field, value, body) {
  if (field === "result") return radio(value)?.dataset.label ?? value;
  if (field === "assigned_to_id") return body.querySelector(`[name=assigned_to_id] option[value="${value}"]`)?.textContent ?? value;
  return value;
}

// ---- One question open at a time

function open(id, focus = true) {
  if (current !== null && current !== id) close(current);
  const head = headOf(id);
  current = id;
  if (!bodyOf(id)) {
    const body = pattern.content.querySelector("[data-body]").cloneNode(true);
    body.action = `${root.dataset.state.replace(/state$/, "items/")}${id}${location.search.includes("=") ? `?${kept()}` : ""}`;
    const remove = body.querySelector("[data-remove]");
    remove.formAction = remove.formAction.replace(/items\/0\//, `items/${id}/`);
    body.querySelector("[name=csrf_token]").value = token;
    body.querySelector("button[data-plain]").hidden = true;
    body.querySelector("[data-next]").hidden = false;
    body.dataset.open = id;
    listen(body, id);
    head.after(body);
    head.setAttribute("aria-expanded", "true");
    fill(id);
  }
  if (focus) head.focus({ preventScroll: true });
  reveal(head);
}

function reveal(head) {
  const bar = root.querySelector(".checklist-bar").getBoundingClientRect();
  const top = head.getBoundingClientRect().top;
  const edge = Math.max(bar.bottom, 56) + 8;
  if (top < edge || top > innerHeight * 0.6) scrollBy({ top: top - edge });
}

function close(id) {
  flush(id);
  bodyOf(id)?.remove();
  headOf(id)?.setAttribute("aria-expanded", "false");
  if (current === id) current = null;
}

// What is typed and waits for the pause is sent at once.
function flush(id) {
  if (waiting(id).length) soon(pause);
}

function listen(body, id) {
  body.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("data-remove")) return;
    event.preventDefault();
    event.stopPropagation();
    flush(id);
  });
  body.addEventListener("input", (event) => {
    const box = event.target;
    if (box.name === "result") return;
    if (box.name === "reason") return;
    note(id, box.name, box.value);
    if (pause === 0) soon(TYPED_FOR);
  });
  body.addEventListener("focusout", (event) => {
    if (FIELDS.includes(event.target.name)) {
      fill(id);
      flush(id);
    }
  });
  body.addEventListener("change", (event) => {
    const box = event.target;
    if (box.name === "result") judge(id, box.value);
    if (box.name === "reason" && box.value.trim()) {
      note(id, "result", "not-assessed", box.value.trim());
      body.querySelector("[data-again]").hidden = true;
      box.value = "";
      draw(id);
      flush(id);
    }
    if (FIELDS.includes(box.name)) flush(id);
  });
  body.querySelector("[data-next]").addEventListener("click", () => step(1));
}

function judge(id, result) {
  const body = bodyOf(id);
  const saved = items.get(id)?.result ?? headOf(id).dataset.saved;
  const again = body.querySelector("[data-again]");
  if (result === "not-assessed" && saved !== "not-assessed") {
    // A verdict is taken back with a reason alone.
    again.hidden = false;
    again.querySelector("input").focus();
    return;
  }
  again.hidden = true;
  note(id, "result", result);
  draw(id);
  flush(id);
}

function step(by) {
  const rows = heads.filter((head) => !head.parentElement.hidden);
  const at = rows.findIndex((head) => idOf(head) === current);
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  if (next) open(idOf(next));
}

for (const head of heads) {
  head.setAttribute("aria-expanded", "false");
  head.dataset.saved = head.dataset.result;
  head.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const id = idOf(head);
    if (current === id) close(id);
    else open(id);
  });
}

// ---- The filter, kept in the address; nothing is loaded anew, so that nothing unsaved is left behind

function kept() {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(filter)) if (value) asked.set(name, value);
  return asked.toString();
}

function sift() {
  const text = filter.elements.q.value.trim().toLowerCase();
  const { value: result } = filter.elements.result;
  const mine = filter.elements.mine.checked;
  let any = false;
  for (const head of heads) {
    const id = idOf(head);
    const words = `${head.querySelector(".item-clause").textContent} ${head.querySelector(".item-question").textContent}`;
    const hidden =
      (result && head.dataset.result !== result) ||
      (mine && !places.has(valueOf(id, "assigned_to_id"))) ||
      (text && !words.toLowerCase().includes(text));
    head.parentElement.hidden = Boolean(hidden) && current !== id;
    any ||= !head.parentElement.hidden;
  }
  group();
  root.querySelector("[data-none]").hidden = any;
  const asked = kept();
  history.replaceState(null, "", `${location.pathname}${asked ? `?${asked}` : ""}`);
}

function group() {
  for (const section of root.querySelectorAll("[data-group]")) {
    section.hidden = !section.querySelector(".items > li:not([hidden])");
  }
}

filtered.hidden = true;
filter.addEventListener("input", sift);
filter.addEventListener("submit", (event) => {
  event.preventDefault();
  sift();
});
for (const link of root.querySelectorAll("[data-count] a")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    filter.elements.result.value = link.parentElement.dataset.count;
    sift();
  });
}

// ---- Keys: before those of every page, since / and ? mean something of their own here

let going = 0;
document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("shortcuts") === "off") return;
    const target = event.target;
    const ticking = target.matches("input[type=radio], input[type=checkbox]");
    if (event.key === "Escape" && current !== null && target.closest("textarea, select, input") && bodyOf(current)?.contains(target)) {
      headOf(current).focus();
      return;
    }
    if (document.querySelector("dialog[open]") || (!ticking && target.closest("input, textarea, select"))) return;
    if (event.key === "g") {
      going = Date.now();
      return;
    }
    if (Date.now() - going < 1500) return;
    const act = {
      j: () => step(1),
      k: () => step(-1),
      ArrowDown: ticking ? null : () => step(1),
      ArrowUp: ticking ? null : () => step(-1),
      e: () => bodyOf(current)?.querySelector("[name=evidence]").focus(),
      "/": () => filter.elements.q.focus(),
    }[event.key];
    const number = /^[1-8]$/.test(event.key) && current !== null ? Number(event.key) : 0;
    if (!act && !number) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (act) {
      act();
      return;
    }
    const choice = bodyOf(current).querySelectorAll("[name=result]")[number - 1];
    // Before the first day of the audit there is no verdict to give.
    if (choice.matches(":disabled")) return;
    choice.checked = true;
    judge(current, choice.value);
  },
  true,
);

// ---- Beginning, being away, coming back

banner.querySelector("[data-again-now]").addEventListener("click", () => {
  pause = 0;
  soon(0);
});
addEventListener("online", () => {
  pause = 0;
  soon(0);
  tell();
});
addEventListener("offline", tell);
addEventListener("focus", () => {
  if (signedOut) poll(true).catch(() => {});
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && signedOut) poll(true).catch(() => {});
});
addEventListener("beforeunload", (event) => {
  if (entries.length) event.preventDefault();
});

const shownOpen = root.querySelector(".item-body");
const first = shownOpen ? idOf(shownOpen.previousElementSibling) : null;
shownOpen?.remove();
takeBack();
for (const entry of entries) draw(entry.item);
if (first !== null) open(first, false);
group();
tell();
if (entries.length) soon(0);
watch();
