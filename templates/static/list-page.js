// The page of a list: the reader's own, which this browser keeps, or one that the address names.
import { keep, MAX_PICTURES, pictureOf, readList, writeList } from "./my-list.js";

const page = document.querySelector(".list-page");
const tools = page.querySelector(".list-tools");
const listed = page.querySelector("#listed");
const empty = listed.cloneNode(true);
const isShared = "shared" in page.dataset;
const sentences = tools.dataset;
let previous = null; // the list before the last removal

const entries = () => [...listed.querySelectorAll(".listed")];
const titleOf = (entry) => entry.querySelector("h2").textContent.trim();
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

function say(sentence, canUndo = false) {
  tools.querySelector("[data-message]").textContent = sentence;
  tools.querySelector("[data-action=undo]").hidden = !canUndo;
}

function queryString(withName = true) {
  const name = isShared ? new URLSearchParams(location.search).get("name") : readList().name;
  const ids = entries().map((entry) => entry.dataset.id);
  return new URLSearchParams([...ids.map((id) => ["id", id]), ...(withName && name ? [["name", name]] : [])]).toString();
}

function updateLinks() {
  for (const link of listed.querySelectorAll("[data-path]")) link.href = `${link.dataset.path}?${queryString(link.dataset.path !== "/api/list")}`;
  const ticked = entries().filter((entry) => entry.querySelector("[data-for-compare]")?.checked);
  const compare = tools.querySelector("[data-compare]");
  if (ticked.length === 2) {
    compare.href = `/compare?${new URLSearchParams([["a", ticked[0].dataset.id], ["b", ticked[1].dataset.id]])}`;
    compare.removeAttribute("aria-disabled");
  } else {
    compare.removeAttribute("href");
    compare.setAttribute("aria-disabled", "true");
  }
}

function addControls(entry) {
  const template = document.getElementById("list-controls").content.cloneNode(true);
  for (const named of template.querySelectorAll("[aria-label]")) {
    named.setAttribute("aria-label", fill(named.getAttribute("aria-label"), { title: titleOf(entry) }));
  }
  if (isShared) for (const own of template.querySelectorAll(".own-list")) own.remove();
  if (entry.classList.contains("missing")) template.querySelector(".compare").remove();
  const { note = "", title = "" } = readList().pictures.find(({ id }) => id === entry.dataset.id) ?? {};
  const field = template.querySelector("textarea");
  if (field) {
    field.value = note;
    template.querySelector(".note-text").textContent = note;
  }
  const missingTitle = entry.querySelector("[data-missing-title]");
  if (missingTitle && title) missingTitle.textContent = title;
  if (!isShared) {
    entry.draggable = true;
    for (const inner of entry.querySelectorAll("img, a")) inner.draggable = false;
  }
  entry.append(template);
}

function decorate() {
  entries().forEach(addControls);
  tools.hidden = false;
  updateLinks();
}

// Shows the list of this browser: the server draws the pictures that the address of the request names, and keeps none.
async function showOwnList() {
  const { name, pictures } = readList();
  document.getElementById("list-name").value = name;
  document.getElementById("list-title").textContent = name || sentences.untitled;
  if (!pictures.length) {
    listed.replaceChildren(...empty.cloneNode(true).childNodes);
    document.getElementById("list-count").textContent = "";
    for (const control of tools.querySelectorAll(".list-name, .list-buttons")) control.hidden = true;
    tools.hidden = false;
    return;
  }
  for (const control of tools.querySelectorAll(".list-name, .list-buttons")) control.hidden = false;
  const ids = new URLSearchParams(pictures.slice(0, MAX_PICTURES).map(({ id }) => ["id", id]));
  try {
    const response = await fetch(`/list?${ids}`);
    if (!response.ok) throw new Error(response.statusText);
    const drawn = new DOMParser().parseFromString(await response.text(), "text/html");
    listed.replaceChildren(...drawn.getElementById("listed").childNodes);
    document.getElementById("list-count").textContent = drawn.getElementById("list-count").textContent;
    decorate();
  } catch {
    tools.hidden = false;
    say(sentences.unread);
  }
}

function storeOrder() {
  const list = readList();
  const positions = new Map(entries().map((entry, position) => [entry.dataset.id, position]));
  list.pictures.sort((a, b) => (positions.get(a.id) ?? Infinity) - (positions.get(b.id) ?? Infinity));
  writeList(list);
  updateLinks();
}

function move(entry, steps) {
  const all = entries();
  const target = all[all.indexOf(entry) + steps];
  if (!target) return;
  if (steps < 0) target.before(entry);
  else target.after(entry);
  storeOrder();
  say(fill(sentences.moved, { position: entries().indexOf(entry) + 1, total: all.length }));
}

async function change(pictures, sentence) {
  previous = readList();
  writeList({ ...previous, pictures });
  await showOwnList();
  say(sentence, true);
  document.getElementById("list-title").focus({ preventScroll: true });
}

async function copyAddress() {
  const address = `${location.origin}/list?${queryString()}`;
  try {
    await navigator.clipboard.writeText(address);
    say(sentences.copied);
  } catch {
    say(`${sentences.notCopied} ${address}`);
  }
}

const actions = {
  copy: copyAddress,
  print: () => window.print(),
  clear: () => change([], sentences.cleared),
  async undo() {
    if (previous) writeList(previous);
    previous = null;
    await showOwnList();
    say(sentences.restored);
  },
  earlier: (entry) => move(entry, -1),
  later: (entry) => move(entry, 1),
  remove: (entry) => change(readList().pictures.filter(({ id }) => id !== entry.dataset.id), sentences.removed),
  "keep-all"() {
    const all = [...listed.querySelectorAll("button.keep")].map(pictureOf).map(keep);
    say(all.every(Boolean) ? sentences.keptAll : sentences.full);
  },
};

page.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (!button) return;
  actions[button.dataset.action](button.closest(".listed"));
  if (["earlier", "later"].includes(button.dataset.action)) button.focus();
});
page.addEventListener("change", (event) => {
  if (event.target.matches("[data-for-compare]")) updateLinks();
});
page.addEventListener("input", (event) => {
  const list = readList();
  if (event.target.id === "list-name") {
    list.name = event.target.value.trim();
    document.getElementById("list-title").textContent = list.name || sentences.untitled;
  } else if (event.target.matches(".list-note textarea")) {
    const entry = event.target.closest(".listed");
    const picture = list.pictures.find(({ id }) => id === entry.dataset.id);
    if (picture) picture.note = event.target.value;
    entry.querySelector(".note-text").textContent = event.target.value;
  } else return;
  writeList(list);
  updateLinks();
});

// Dragging: the picture is put where the pointer is while it moves.
let dragged = null;
page.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".listed[draggable=true]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.id);
  dragged.classList.add("dragged");
});
page.addEventListener("dragover", (event) => {
  const target = event.target.closest(".listed");
  if (!dragged || !target) return;
  event.preventDefault();
  if (target === dragged) return;
  const all = entries();
  if (all.indexOf(dragged) < all.indexOf(target)) target.after(dragged);
  else target.before(dragged);
});
page.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("dragged");
  dragged = null;
  storeOrder();
});

// A star on this page removes a picture too.
let knownCount = readList().pictures.length;
document.addEventListener("my-list", () => {
  const { pictures } = readList();
  const shown = new Set(entries().map((entry) => entry.dataset.id));
  if (!isShared && pictures.length !== knownCount && pictures.some(({ id }) => !shown.has(id))) showOwnList();
  knownCount = pictures.length;
});

if (isShared) decorate();
else showOwnList();
