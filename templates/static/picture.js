// The page of one picture: tabs, zoom on demand, the box tool, arrow keys, copying and sharing.
// The heavy parts are loaded when a reader asks for them. The page also works without this script.

import { changeState, readState } from "./address.js";
import { announce } from "./my-list.js";

const viewer = document.getElementById("viewer");

// Tabs: Picture | Page. The address names the page, so that this state can be sent.
function showView(name, { focus = false } = {}) {
  if (!viewer || !viewer.querySelector(`[data-show="${name}"]`)) return;
  viewer.dataset.view = name;
  for (const tab of viewer.querySelectorAll("[role=tab]")) {
    const isChosen = tab.dataset.show === name;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    if (isChosen && focus) tab.focus();
  }
  changeState({ page: name === "page" ? "" : null });
  viewer.dispatchEvent(new CustomEvent("viewchange"));
}

let opened; // a promise of the zooming viewer, see viewer.js
function openZoom() {
  opened ??= import("./viewer.js")
    .then((module) => module.openViewer(viewer))
    .catch((error) => {
      opened = undefined;
      const status = viewer.querySelector("[role=status]");
      status.classList.remove("visually-hidden");
      status.textContent = viewer.dataset.missing;
      throw error;
    });
  return opened;
}

async function useTool(name) {
  if (name === "full") return toggleFullScreen();
  if (name === "part") return (await import("./picture-part.js")).togglePart(viewer, opened && (await opened));
  if (name === "part-cancel") return (await import("./picture-part.js")).cancelPart(viewer);
  if (name === "home" && !opened) return;
  (await openZoom()).zoom(name);
}

// Who clicks on the picture goes on in the viewer, also with the keys.
async function zoomIn() {
  const zoom = await openZoom();
  zoom.zoom("in");
  zoom.seadragon.canvas.focus({ preventScroll: true });
}

async function toggleFullScreen() {
  if (document.fullscreenElement) return document.exitFullscreen();
  // iPhones have no full screen for elements: the viewer fills the window instead.
  if (viewer.requestFullscreen) await viewer.requestFullscreen();
  else viewer.classList.toggle("filled");
  markFullScreen();
}

function markFullScreen() {
  const isFull = document.fullscreenElement === viewer || viewer.classList.contains("filled");
  viewer.querySelector("[data-tool=full]").setAttribute("aria-pressed", String(isFull));
  viewer.dispatchEvent(new CustomEvent("fullchange"));
}

if (viewer) {
  viewer.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-show]");
    const tool = event.target.closest("[data-tool]");
    if (tab) showView(tab.dataset.show);
    else if (tool) useTool(tool.dataset.tool).catch(() => {});
    else if (event.target.closest("#view-picture img") && viewer.matches(".can-zoom:not(.choosing)")) zoomIn();
  });
  viewer.querySelector("[role=tablist]")?.addEventListener("keydown", (event) => {
    const name = { ArrowRight: "page", ArrowLeft: "picture", End: "page", Home: "picture" }[event.key];
    if (!name) return;
    event.preventDefault();
    event.stopPropagation();
    showView(name, { focus: true });
  });
  document.addEventListener("fullscreenchange", markFullScreen);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && viewer.classList.contains("filled")) toggleFullScreen();
  });
  window.addEventListener("hashchange", () => readState().has("page") && showView("page"));
  if (readState().has("page")) showView("page");
  if (readState().get("zoom") && viewer.matches(".can-zoom")) openZoom().catch(() => {});
  // An address with a part of the picture shows it, ready to be changed.
  const region = readState().get("xywh");
  const image = viewer.querySelector(`#view-${viewer.dataset.view} img`);
  if (region) viewer.querySelector(".part-form").hidden = false; // at once, so that nothing moves later
  if (region) image.decode().then(() => import("./picture-part.js")).then((module) => module.togglePart(viewer, undefined, region));
}

// Arrow keys lead to the next picture of the results, or else of the book, unless they move something.
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (!step || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, pre, .viewer, .time-line, [role=tablist]")) return;
  const steps = document.querySelector(".steps"); // those of the results come first on the page
  const link = steps?.querySelector(`[data-step="${step}"]`);
  if (link) location.assign(link.href);
});

// Copying and sharing
for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    button.textContent = button.dataset.done;
    announce(button.dataset.done);
    setTimeout(() => (button.textContent = label), 2000);
  });
}
const share = document.querySelector("[data-share]");
if (share && navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => navigator.share({ title: document.title, url: share.dataset.share }).catch(() => {}));
}

// The citation is printed.
window.addEventListener("beforeprint", () => document.getElementById("cite")?.setAttribute("open", ""));
