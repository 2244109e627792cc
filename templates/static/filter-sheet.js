// The sheet of filters on a narrow screen: it stays open while filters are chosen, and closes with its button or Escape.
const NARROW = matchMedia("(max-width: 60rem)");
let isOpen = false;
let scrollTop = 0;

function sheet() {
  return document.querySelector(".sheet");
}

// What is behind the sheet cannot be reached.
function hideBehind(hidden) {
  for (const part of document.querySelectorAll(".masthead, .colophon, .summary, .tabs, .record-box, .toolbar, .results-list")) part.inert = hidden;
}

function closeSheet() {
  const open = sheet();
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
}

// Opens the sheet again after its results have been swapped; returns whether it is open. Results without a sheet, as
// where nothing is found, give back what was behind it.
export function keepSheetOpen() {
  const swapped = sheet();
  if (!isOpen || !NARROW.matches || !swapped) {
    noteWhetherOpen();
    return false;
  }
  swapped.open = true;
  swapped.scrollTop = scrollTop;
  swapped.querySelector(".close-sheet").focus({ preventScroll: true });
  return true;
}

function noteWhetherOpen() {
  isOpen = Boolean(sheet()?.open) && NARROW.matches;
  hideBehind(isOpen);
}

document.addEventListener("toggle", (event) => event.target === sheet() && noteWhetherOpen(), true);
noteWhetherOpen(); // an address can open the sheet
NARROW.addEventListener("change", noteWhetherOpen); // a tablet is turned
document.addEventListener("htmx:beforeRequest", () => {
  scrollTop = sheet()?.scrollTop ?? 0;
});
document.addEventListener("click", (event) => {
  if (!event.target.closest?.(".close-sheet")) return;
  event.preventDefault();
  event.stopPropagation();
  closeSheet();
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isOpen) closeSheet();
});
