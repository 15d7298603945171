// The band under the hands: arrow keys walk from audit to audit, dragging a pin opens the preview of the move.
// Without this the pins are links like any other, and the move has a form of its own.

const DAY = 86400000;

function walk(band) {
  const pins = [...band.querySelectorAll("a.p")];
  if (!pins.length) return;
  const down = band.dataset.way === "down";
  const middle = (pin) => {
    const box = pin.querySelector(".p-days").getBoundingClientRect();
    return down ? box.top + box.height / 2 : box.left + box.width / 2;
  };
  const lane = (pin) => Number(pin.closest("[data-lane]").dataset.lane);
  const [later, earlier, next, back] = down
    ? ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"]
    : ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"];

  // One tab stop for the whole drawing; the arrows do the rest.
  const stop = (pin) => pins.forEach((one) => one.setAttribute("tabindex", one === pin ? "0" : "-1"));
  stop(pins[0]);

  function neighbour(pin, key) {
    const row = pins.filter((one) => lane(one) === lane(pin));
    const place = row.indexOf(pin);
    if (key === later) return row[place + 1];
    if (key === earlier) return row[place - 1];
    if (key === "Home") return row[0];
    if (key === "End") return row.at(-1);
    if (key !== next && key !== back) return undefined;
    const lanes = [...new Set(pins.map(lane))].sort((a, b) => a - b);
    const wanted = lanes[lanes.indexOf(lane(pin)) + (key === next ? 1 : -1)];
    const nearest = (a, b) => Math.abs(middle(a) - middle(pin)) - Math.abs(middle(b) - middle(pin));
    return pins.filter((one) => lane(one) === wanted).sort(nearest)[0];
  }

  band.addEventListener("focusin", (event) => {
    const pin = event.target.closest("a.p");
    if (pin) stop(pin);
  });
  band.addEventListener("keydown", (event) => {
    const pin = event.target.closest("a.p");
    const to = pin && neighbour(pin, event.key);
    if (to) {
      event.preventDefault();
      to.focus();
      to.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  });
}

function drag(band) {
  const down = band.dataset.way === "down";
  let held = null;

  function days(event) {
    // The drawing is scaled to the page: so many pixels are one day here and now.
    const scale = band.getScreenCTM().a * (Number(band.dataset.length) / Number(band.dataset.days));
    return Math.round((down ? event.clientY - held.y : event.clientX - held.x) / scale);
  }
  const moved = (count) => new Date(Date.parse(held.pin.dataset.startsOn) + count * DAY);

  band.addEventListener("dragstart", (event) => event.preventDefault());
  band.addEventListener("pointerdown", (event) => {
    const pin = event.target.closest("a[data-move]");
    // A finger scrolls the page; it opens the audit and moves it by the form.
    if (!pin || event.button !== 0 || event.pointerType === "touch") return;
    held = { pin, x: event.clientX, y: event.clientY, moving: false };
  });
  addEventListener("pointermove", (event) => {
    if (!held) return;
    const count = days(event);
    if (!held.moving && Math.abs(down ? event.clientY - held.y : event.clientX - held.x) < 5) return;
    held.moving = true;
    held.pin.classList.add("p-dragged");
    const shift = count * (Number(band.dataset.length) / Number(band.dataset.days));
    held.pin.setAttribute("transform", down ? `translate(0 ${shift})` : `translate(${shift} 0)`);
    const note = band.closest("figure").querySelector(".band-note");
    if (note) {
      const day = moved(count).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
      note.textContent = `Starts on ${day}`;
      note.hidden = false;
    }
  });
  addEventListener("pointerup", (event) => {
    if (!held) return;
    const { pin, moving } = held;
    const count = days(event);
    const day = moved(count).toISOString().slice(0, 10);
    held = null;
    pin.classList.remove("p-dragged");
    if (!moving) return;
    // The click that ends a drag is not a click on the link.
    band.addEventListener("click", (click) => click.preventDefault(), { once: true, capture: true });
    if (count) location.assign(`${pin.dataset.move}?starts_on=${day}`);
    else pin.removeAttribute("transform");
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !held) return;
    held.pin.removeAttribute("transform");
    held.pin.classList.remove("p-dragged");
    held = null;
  });
}

for (const band of document.querySelectorAll(".band-across, .band-down")) {
  walk(band);
  drag(band);
}
