// The results after htmx has swapped them, menus, and the button that shows more.
import { keepSheetOpen } from "./filter-sheet.js";
import { showUploaded } from "./search-field.js";
import { addYearHandles } from "./year-range.js";
import { addFinders } from "./value-finder.js";

function prepareResults() {
  addYearHandles();
  addFinders();
}

// The search field stands outside of the results: it shows the words of their address, unless somebody is typing.
function showWords() {
  const field = document.getElementById("q");
  if (field && field !== document.activeElement) field.value = new URLSearchParams(location.search).get("q") ?? "";
}

// The focus moves to the heading of the new results, or stays in the open sheet of filters. An error is shown as a whole page.
document.addEventListener("htmx:afterSwap", () => {
  showUploaded();
  showWords();
  prepareResults();
  if (!keepSheetOpen()) document.getElementById("results-heading")?.focus({ preventScroll: true });
});
document.addEventListener("htmx:responseError", (event) => {
  location.assign(event.detail.pathInfo.finalRequestPath);
});

// A menu closes with Escape and with a click beside it, and opens to the side that has room.
const MARGIN = 8; // pixels between a menu and the edge of the window
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".menu[open]")) return;
  menu.classList.remove("flip");
  const { left, right } = menu.querySelector(".panel").getBoundingClientRect();
  if (left < MARGIN || right > document.documentElement.clientWidth - MARGIN) menu.classList.add("flip");
}, true);
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  // Space works a switch, as it does a button.
  if (event.key === " " && event.target.matches?.("[role=switch]")) {
    event.preventDefault();
    event.target.click();
  }
});

// The next results are added to the list. The address then names as many results, so that it can be sent, and Back
// from a picture returns to the same place.
async function showMore(link) {
  const label = link.textContent;
  link.textContent = link.dataset.busy;
  link.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(link.dataset.url, { headers: { "HX-Request": "true" } });
    if (!response.ok) throw new Error(response.statusText);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const first = addResults(page);
    history.replaceState(history.state, "", link.dataset.url);
    replacePart(page, ".pages");
    replacePart(page, ".result-notes");
    first?.focus();
  } catch {
    link.textContent = label;
    link.removeAttribute("aria-busy");
    location.assign(link.href);
  }
}

// Adds the results that are not shown yet, and returns the link of the first of them.
function addResults(page) {
  const selector = ".results-list > ol > li";
  const shown = document.querySelectorAll(selector).length;
  const lists = document.querySelectorAll(".results-list > ol");
  const fresh = [...page.querySelectorAll(selector)].slice(shown);
  lists[lists.length - 1].append(...fresh);
  return fresh[0]?.querySelector("h3 a");
}

function replacePart(page, selector) {
  const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
  if (fresh) old?.replaceWith(fresh);
  else old?.remove();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.show-more");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!link.hasAttribute("aria-busy")) showMore(link);
});

prepareResults();
