// “Search with a part”: a box over the picture or its page, drawn with a pointer or moved with the arrow keys.
import { changeState } from "./address.js";
import { choose } from "./picture-search.js";

const STEP = 10; // CSS pixels of one key press
const SMALLEST = 16; // CSS pixels of a side
const MOSTLY = 0.5; // share of the box that lies on one picture if the reader means a part of it
const ROUNDING = 0.01; // so that a part that an address names stays as it is
const SENT_SIDE = 1024; // pixels of a part of the page that is searched with

let tool; // the box that is open

// Where an image lies on the stage, in CSS pixels, and how its pixels become those of the scan.
function imageFrame(section, zoom) {
  const stage = section.querySelector(".stage").getBoundingClientRect();
  const source = JSON.parse(section.dataset[section.dataset.view]);
  if (zoom) {
    const item = zoom.seadragon.world.getItemAt(0);
    const size = item.getContentSize();
    const corner = (x, y) => item.imageToViewerElementCoordinates(new OpenSeadragon.Point(x, y));
    const start = corner(0, 0);
    const end = corner(size.x, size.y);
    return { left: start.x, top: start.y, width: end.x - start.x, height: end.y - start.y, source };
  }
  // The image is fitted into its element and, in its own view, not enlarged.
  const image = section.querySelector(`#view-${section.dataset.view} img`);
  const frame = image.getBoundingClientRect();
  const largest = section.dataset.view === "picture" ? image.naturalWidth / source.width : Infinity;
  const scale = Math.min(frame.width / source.width, frame.height / source.height, largest);
  const [width, height] = [source.width * scale, source.height * scale];
  const left = frame.left - stage.left + (frame.width - width) / 2;
  return { left, top: frame.top - stage.top + (frame.height - height) / 2, width, height, source };
}

// The pictures that a box can lie on, in pixels of the shown image; each has the side of its box on the scan.
function pictures(section) {
  const [, , width, height] = section.dataset.box.split(",").map(Number);
  if (section.dataset.view === "picture") return [{ id: section.dataset.id, x: 0, y: 0, width, height, isWhole: true }];
  return [...section.querySelectorAll("#view-page rect[data-id]")].map((rect) => {
    const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
    return { id: rect.dataset.id, x, y, width: w, height: h };
  });
}

function overlap(box, picture) {
  const x = Math.max(box.x, picture.x);
  const y = Math.max(box.y, picture.y);
  const width = Math.min(box.x + box.width, picture.x + picture.width) - x;
  const height = Math.min(box.y + box.height, picture.y + picture.height) - y;
  return { picture, x: x - picture.x, y: y - picture.y, width, height, area: Math.max(0, width) * Math.max(0, height) };
}

// The part of a picture under a box of the stage, in pixels of the scan. If the box lies beside the pictures or on
// several, it is a part of the page (`page`), as far as this service has the scan; undefined if there is neither.
function partUnder(section, zoom, box) {
  const frame = imageFrame(section, zoom);
  const shown = pictures(section);
  // In the picture's own view the whole image is the picture's box on the scan.
  const full = shown[0].isWhole ? shown[0] : frame.source;
  const scale = { x: full.width / frame.width, y: full.height / frame.height };
  const region = {
    x: (box.left - frame.left) * scale.x,
    y: (box.top - frame.top) * scale.y,
    width: box.width * scale.x,
    height: box.height * scale.y,
  };
  const best = shown.map((picture) => overlap(region, picture)).reduce((a, b) => (b.area > a.area ? b : a));
  const isOwnScan = !shown[0].isWhole && frame.source.service.startsWith("/");
  if (isOwnScan && best.area < MOSTLY * region.width * region.height) return pagePart(region, frame.source);
  if (best.area <= 0 || best.width < 1 || best.height < 1) return undefined;
  return { id: best.picture.id, sides: wholePixels(best) };
}

function pagePart(region, { service, width, height }) {
  const part = overlap(region, { x: 0, y: 0, width, height });
  return part.width < 1 || part.height < 1 ? undefined : { page: service, sides: wholePixels(part) };
}

function wholePixels({ x, y, width, height }) {
  return [x, y].map((side) => Math.max(0, Math.round(side))).concat([width, height].map((side) => Math.max(1, Math.floor(side + ROUNDING))));
}

class PartTool {
  constructor(section, zoom) {
    this.section = section;
    this.zoom = zoom;
    this.stage = section.querySelector(".stage");
    this.form = section.querySelector(".part-form");
    this.element = document.createElement("div");
    this.element.className = "part";
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", section.dataset.partBox);
    this.element.append(Object.assign(document.createElement("span"), { className: "corner" }));
    this.element.setAttribute("aria-describedby", "part-help");
    this.listeners = new AbortController();
  }

  open(region) {
    const { signal } = this.listeners;
    this.section.classList.add("choosing");
    this.section.querySelector("[data-tool=part]").setAttribute("aria-pressed", "true");
    this.zoom?.seadragon.setMouseNavEnabled(false);
    this.stage.append(this.element);
    this.form.hidden = false;
    if (region) this.placeRegion(region);
    else this.startBox();
    this.remember();
    this.stage.addEventListener("pointerdown", (event) => this.drag(event), { signal, capture: true });
    this.element.addEventListener("keydown", (event) => this.press(event), { signal });
    this.form.addEventListener("submit", (event) => this.send(event), { signal });
    const restart = () => {
      this.startBox();
      this.remember();
    };
    this.section.addEventListener("viewchange", restart, { signal });
    this.element.focus({ preventScroll: true });
  }

  close() {
    this.listeners.abort();
    this.section.classList.remove("choosing");
    this.section.querySelector("[data-tool=part]").setAttribute("aria-pressed", "false");
    this.zoom?.seadragon.setMouseNavEnabled(true);
    this.element.remove();
    this.form.hidden = true;
    changeState({ xywh: null });
  }

  // The middle of the picture, as far as it is on the stage.
  startBox() {
    const frame = imageFrame(this.section, this.zoom);
    const picture = pictures(this.section).find(({ id }) => id === this.section.dataset.id);
    const full = picture.isWhole ? picture : frame.source;
    const scale = { x: frame.width / full.width, y: frame.height / full.height };
    const left = Math.max(0, frame.left + picture.x * scale.x);
    const top = Math.max(0, frame.top + picture.y * scale.y);
    const right = Math.min(this.stage.clientWidth, frame.left + (picture.x + picture.width) * scale.x);
    const bottom = Math.min(this.stage.clientHeight, frame.top + (picture.y + picture.height) * scale.y);
    const [width, height] = [right - left, bottom - top];
    this.place({ left: left + width / 4, top: top + height / 4, width: width / 2, height: height / 2 });
  }

  // A part that an address names, `10,20,300,400` in pixels of the picture or `pct:10,20,30,40`.
  placeRegion(region) {
    const frame = imageFrame(this.section, this.zoom);
    const picture = pictures(this.section).find(({ id }) => id === this.section.dataset.id);
    const unit = region.startsWith("pct:") ? { x: picture.width / 100, y: picture.height / 100 } : { x: 1, y: 1 };
    const sides = region.replace("pct:", "").split(",").map(Number);
    if (sides.length !== 4 || !sides.every(Number.isFinite)) return this.startBox();
    const full = picture.isWhole ? picture : frame.source;
    const scale = { x: frame.width / full.width, y: frame.height / full.height };
    const [x, y, w, h] = sides.map((side, index) => side * (index % 2 ? unit.y : unit.x));
    const [left, top] = [frame.left + (picture.x + x) * scale.x, frame.top + (picture.y + y) * scale.y];
    this.place({ left, top, width: w * scale.x, height: h * scale.y });
  }

  place(box) {
    const width = Math.min(Math.max(box.width, SMALLEST), this.stage.clientWidth);
    const height = Math.min(Math.max(box.height, SMALLEST), this.stage.clientHeight);
    const left = Math.min(Math.max(0, box.left), this.stage.clientWidth - width);
    const top = Math.min(Math.max(0, box.top), this.stage.clientHeight - height);
    this.box = { left, top, width, height };
    for (const [name, value] of Object.entries(this.box)) this.element.style.setProperty(name, `${value}px`);
    const part = partUnder(this.section, this.zoom, this.box);
    const { partSize, partOfPage } = this.section.dataset;
    const size = part && (part.page ? partOfPage : partSize).replace("{width}", part.sides[2]).replace("{height}", part.sides[3]);
    this.form.querySelector("output").textContent = size ?? this.section.dataset.partOutside;
    this.form.querySelector("[type=submit]").disabled = !part;
  }

  // The address names the part of this picture, so that it can be sent.
  remember() {
    const part = partUnder(this.section, this.zoom, this.box);
    changeState({ xywh: part?.id === this.section.dataset.id ? part.sides.join(",") : null });
  }

  drag(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const stage = this.stage.getBoundingClientRect();
    const start = { x: event.clientX - stage.left, y: event.clientY - stage.top };
    const before = { ...this.box };
    const kind = event.target.closest(".corner") ? "resize" : event.target.closest(".part") ? "move" : "draw";
    const follow = (moved) => {
      const point = { x: moved.clientX - stage.left, y: moved.clientY - stage.top };
      const [dx, dy] = [point.x - start.x, point.y - start.y];
      if (kind === "move") this.place({ ...before, left: before.left + dx, top: before.top + dy });
      else if (kind === "resize") this.place({ ...before, width: before.width + dx, height: before.height + dy });
      else this.place({ left: Math.min(start.x, point.x), top: Math.min(start.y, point.y), width: Math.abs(dx), height: Math.abs(dy) });
    };
    const stop = () => {
      window.removeEventListener("pointermove", follow);
      window.removeEventListener("pointerup", stop);
      this.remember();
      this.element.focus({ preventScroll: true });
    };
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerup", stop);
  }

  press(event) {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      cancelPart(this.section);
    } else if (event.key === "Enter") this.form.requestSubmit();
    else if (direction) {
      event.preventDefault();
      event.stopPropagation();
      const [dx, dy] = direction.map((sign) => sign * STEP);
      const { left, top, width, height } = this.box;
      this.place(event.shiftKey ? { left, top, width: width + dx, height: height + dy } : { left: left + dx, top: top + dy, width, height });
      this.remember();
    }
  }

  send(event) {
    const part = partUnder(this.section, this.zoom, this.box);
    if (!part || part.page) event.preventDefault();
    if (part?.page) return searchWithPage(part);
    if (!part) return;
    this.form.querySelector("[name=like]").value = `${part.id}#xywh=${part.sides.join(",")}`;
  }
}

// A part of a page is no picture of the index: its pixels are sent, as an upload is.
async function searchWithPage({ page, sides }) {
  const response = await fetch(`${page}/${sides.join(",")}/!${SENT_SIDE},${SENT_SIDE}/0/default.jpg`);
  if (response.ok) choose(new File([await response.blob()], "page.jpg", { type: "image/jpeg" }));
}

export function togglePart(section, zoom, region) {
  if (tool) return cancelPart(section);
  tool = new PartTool(section, zoom);
  tool.open(region);
}

export function cancelPart(section) {
  tool?.close();
  tool = undefined;
  section.querySelector("[data-tool=part]").focus();
}
