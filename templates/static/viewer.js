// Zooming into the picture and its page with OpenSeadragon. Loaded when a reader asks for it.
import { changeState, readState } from "./address.js";

const LIBRARY = "/static/vendor/openseadragon.min.js";
const TILE = 512;

function loadLibrary() {
  if (window.OpenSeadragon) return Promise.resolve();
  // It would add an inline style, which the Content-Security-Policy forbids, if it did not find one. An element without
  // a namespace is none to the browser, but the library finds it.
  const style = document.createElementNS(null, "style");
  style.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(style);
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: LIBRARY, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}

// Tiles of an image, or of a box on one. No info.json is fetched: it may be on a server that the page may not ask.
export function tileSource(image) {
  if (!image.service) return { type: "image", url: image.url };
  const maxLevel = Math.max(0, Math.ceil(Math.log2(Math.max(image.width, image.height) / TILE)));
  return {
    width: image.width,
    height: image.height,
    tileSize: TILE,
    minLevel: 0,
    maxLevel,
    getTileUrl(level, column, row) {
      const scale = 2 ** (maxLevel - level);
      const x = column * TILE * scale;
      const y = row * TILE * scale;
      const width = Math.min(TILE * scale, image.width - x);
      const height = Math.min(TILE * scale, image.height - y);
      const tileWidth = Math.max(1, Math.ceil(width / scale));
      const tileHeight = Math.max(1, Math.ceil(height / scale));
      const size = image.version < 3 ? `${tileWidth},` : `${tileWidth},${tileHeight}`;
      return `${image.service}/${image.x + x},${image.y + y},${width},${height}/${size}/0/${image.quality}.${image.format}`;
    },
  };
}

function addBoxes(section, seadragon) {
  for (const rect of section.querySelectorAll("#view-page .boxes rect")) {
    const link = rect.closest("a");
    const box = document.createElement(link ? "a" : "div");
    if (link) {
      box.href = link.getAttribute("href");
      box.setAttribute("aria-label", link.getAttribute("aria-label"));
    }
    box.className = `box ${rect.getAttribute("class")}`;
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
    const location = seadragon.world.getItemAt(0).imageToViewportRectangle(x, y, width, height);
    seadragon.addOverlay({ element: box, location });
    // The viewer takes clicks for itself; a box that is a link is followed.
    if (link) new OpenSeadragon.MouseTracker({ element: box, clickHandler: () => window.location.assign(box.href) });
  }
}

// The part of the image that fills the viewer, which the address names in pixels of the image.
function rememberZoom({ world, viewport }) {
  const bounds = world.getItemAt(0)?.viewportToImageRectangle(viewport.getBounds());
  const isHome = viewport.getZoom() <= viewport.getHomeZoom() * 1.01;
  const sides = bounds && [bounds.x, bounds.y, bounds.width, bounds.height].map(Math.round);
  changeState({ zoom: sides && !isHome ? sides.join(",") : null });
}

function showZoom({ world, viewport }) {
  const sides = (readState().get("zoom") ?? "").split(",").map(Number);
  if (sides.length !== 4 || !sides.every(Number.isFinite)) return;
  viewport.fitBounds(world.getItemAt(0).imageToViewportRectangle(...sides), true);
}

export async function openViewer(section) {
  await loadLibrary();
  const place = section.querySelector(".zoomed");
  place.hidden = false;
  section.classList.add("is-zoomed");
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  OpenSeadragon.setString("GestureHints.Touch", section.dataset.touchHint);
  OpenSeadragon.setString("GestureHints.Scroll", section.dataset.scrollHint);
  const seadragon = new OpenSeadragon.Viewer({
    element: place,
    drawer: "canvas",
    showNavigationControl: false,
    animationTime: isCalm ? 0 : 0.5,
    visibilityRatio: 0.5,
    minZoomImageRatio: 0.8,
    maxZoomPixelRatio: 4,
    // The wheel and one finger scroll the page; with Ctrl or two fingers they zoom.
    cooperativeGestures: true,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    gestureSettingsTouch: { clickToZoom: false, dblClickToZoom: true },
  });
  // OpenSeadragon's own canvas takes the keys.
  seadragon.canvas.setAttribute("aria-label", section.querySelector("#view-picture img").alt);
  seadragon.canvas.setAttribute("role", "application");
  const show = () =>
    new Promise((resolve) => {
      const isPage = section.dataset.view === "page";
      seadragon.addOnceHandler("open", () => {
        if (isPage) addBoxes(section, seadragon);
        showZoom(seadragon);
        resolve();
      });
      seadragon.addOnceHandler("open-failed", resolve);
      seadragon.clearOverlays();
      seadragon.open(tileSource(JSON.parse(section.dataset[isPage ? "page" : "picture"])));
    });
  section.addEventListener("viewchange", () => {
    changeState({ zoom: null });
    show();
  });
  seadragon.addHandler("animation-finish", () => rememberZoom(seadragon));
  const isFull = () => document.fullscreenElement === section || section.classList.contains("filled");
  const settle = () => seadragon.setCooperativeGestures(!isFull());
  section.addEventListener("fullchange", settle);
  settle();
  await show();
  section.querySelector("[role=status]").textContent = section.dataset.zoomed;
  return {
    seadragon,
    zoom(name) {
      if (name === "home") return seadragon.viewport.goHome();
      seadragon.viewport.zoomBy(name === "in" ? 1.6 : 1 / 1.6);
      seadragon.viewport.applyConstraints();
    },
  };
}
