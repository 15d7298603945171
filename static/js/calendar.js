// Lays a month grid over the list of the page. Dragging an audit saves nothing: it opens the slip preview.
import { Calendar, classic, dayGrid, interaction } from "../vendor/fullcalendar/7.1.0/fullcalendar.min.js";

const grid = document.getElementById("calendar");
const list = document.getElementById("month-list");
const heading = document.querySelector("h1");

function day(date, shift = 0) {
  const moved = new Date(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate() + shift));
  return moved.toISOString().slice(0, 10);
}

function openPreview(info) {
  const { move, days } = info.event.extendedProps;
  const last = info.event.end ? day(info.event.end, -1) : day(info.event.start, days);
  info.revert();
  location.assign(`${move}?starts_on=${day(info.event.start)}&ends_on=${last}`);
}

// The grid says things once for the eye and otherwise for the ear, and then the names do not match: what is seen is
// what should be heard. [WCAG 2.2, 2.5.3]
function sayWhatIsSeen() {
  for (const cell of grid.querySelectorAll("[role=gridcell][aria-label]")) cell.removeAttribute("aria-label");
  for (const head of grid.querySelectorAll("[role=columnheader] [aria-hidden]")) head.removeAttribute("aria-hidden");
  for (const button of grid.querySelectorAll("button[aria-label]")) {
    if (button.textContent.trim()) button.removeAttribute("aria-label");
  }
}

if (grid && list) {
  grid.hidden = false;
  list.hidden = true;
  const calendar = new Calendar(grid, {
    plugins: [classic, dayGrid, interaction],
    initialView: "dayGridMonth",
    initialDate: grid.dataset.first,
    firstDay: 1,
    locale: "en-gb",
    height: "auto",
    dayMaxEvents: 4,
    headerToolbar: { start: "title", end: "today prev,next" },
    events: (span, done, failed) => {
      const address = `${grid.dataset.entries}?start=${span.startStr.slice(0, 10)}&end=${span.endStr.slice(0, 10)}`;
      fetch(address, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
        .then(done, (error) => {
          // Never a silently empty month: the list of the page stands in.
          grid.hidden = true;
          list.hidden = false;
          failed(error);
        });
    },
    eventDrop: openPreview,
    eventResize: openPreview,
    datesSet: (span) => {
      const middle = new Date((span.start.getTime() + span.end.getTime()) / 2);
      const month = `${middle.getFullYear()}-${String(middle.getMonth() + 1).padStart(2, "0")}`;
      history.replaceState(null, "", `${grid.dataset.here}?month=${month}`);
      heading.textContent = `Programme: ${span.view.title}`;
      document.title = document.title.replace(/^[^·|–]*/, `${heading.textContent} `);
    },
  });
  new MutationObserver(sayWhatIsSeen).observe(grid, { childList: true, subtree: true, attributeFilter: ["aria-label"] });
  calendar.render();
}
