// Points of standards to tick: a head and what is below it keep in step, and a filter finds them among many.

const within = (number, whole) => number === whole || number.startsWith(`${whole}.`) || (/^[FL]$/.test(whole) && new RegExp(`^${whole}\\d+$`).test(number));
const parted = (value) => { const at = value.lastIndexOf("|"); return [value.slice(0, at), value.slice(at + 1)]; };

for (const field of document.querySelectorAll("fieldset.points")) {
  const boxes = [...field.querySelectorAll("input[type=checkbox]")];

  field.addEventListener("change", (event) => {
    const box = event.target;
    if (box.type !== "checkbox") return;
    const [standard, number] = parted(box.value);
    for (const other of boxes) {
      const [named, theirs] = parted(other.value);
      if (named !== standard || other === box) continue;
      if (within(theirs, number)) other.checked = box.checked;
      else if (!box.checked && within(number, theirs)) other.checked = false;
    }
    // Whoever ticks the last of several has ticked the whole.
    for (const whole of box.checked ? boxes : []) {
      const [named, theirs] = parted(whole.value);
      if (named !== standard || whole.checked || !within(number, theirs)) continue;
      const below = boxes.filter((each) => { const [its, part] = parted(each.value); return its === standard && part !== theirs && within(part, theirs); });
      whole.checked = below.every((each) => each.checked || below.some((part) => part !== each && within(parted(part.value)[1], parted(each.value)[1])));
    }
    const tree = box.closest(".point-tree");
    const count = [...tree.querySelectorAll("input:checked")].length;
    tree.querySelector("[data-points-said]").textContent = count ? `${count} ticked` : "none";
  });

  const filter = field.querySelector("[data-points-filter]");
  filter.closest(".points-filter").hidden = false;
  filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  filter.addEventListener("input", () => {
    const words = filter.value.trim().toLowerCase();
    for (const line of field.querySelectorAll("[data-point]")) line.hidden = words !== "" && !line.textContent.toLowerCase().includes(words);
    for (const part of [...field.querySelectorAll("details")].reverse()) {
      const found = part.querySelector("[data-point]:not([hidden])") !== null;
      part.hidden = !found;
      if (words !== "") part.open = found;
    }
  });
}
