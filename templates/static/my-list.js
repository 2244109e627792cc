// My list: pictures that the reader keeps in this browser. Nothing is sent to the server.
const KEY = "frontispiece.list";
export const MAX_PICTURES = 100; // the address of a list holds no more

// Returns `{name, pictures}`; each picture has `id`, `title`, `image`, `width`, `height` and perhaps `note`.
export function readList() {
  try {
    const list = JSON.parse(localStorage.getItem(KEY)) ?? {};
    const pictures = (Array.isArray(list.pictures) ? list.pictures : []).filter((picture) => typeof picture?.id === "string");
    return { name: typeof list.name === "string" ? list.name : "", pictures };
  } catch {
    return { name: "", pictures: [] }; // no storage, or not ours
  }
}

export function writeList(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list));
  } catch {
    return false;
  }
  document.dispatchEvent(new CustomEvent("my-list"));
  return true;
}

export function pictureOf(button) {
  const { title, image, width, height } = button.dataset;
  return { id: button.value, title, image, width: Number(width), height: Number(height) };
}

// Adds a picture at the end; false if the list is full or cannot be stored.
export function keep(picture) {
  const list = readList();
  if (list.pictures.some(({ id }) => id === picture.id)) return true;
  if (list.pictures.length >= MAX_PICTURES) return false;
  return writeList({ ...list, pictures: [...list.pictures, picture] });
}

export function remove(id) {
  const list = readList();
  return writeList({ ...list, pictures: list.pictures.filter((picture) => picture.id !== id) });
}

export function announce(sentence) {
  const status = document.querySelector("[data-my-list-status]");
  if (status && sentence) status.textContent = sentence;
}

function showState(root = document) {
  const kept = new Set(readList().pictures.map(({ id }) => id));
  for (const button of root.querySelectorAll("button.keep")) button.setAttribute("aria-pressed", String(kept.has(button.value)));
  for (const place of document.querySelectorAll("[data-my-list-count]")) place.textContent = kept.size ? `(${kept.size})` : "";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.keep");
  if (!button) return;
  const { kept, removed, full } = document.querySelector(".my-list-link")?.dataset ?? {};
  if (button.getAttribute("aria-pressed") === "true") {
    remove(button.value);
    announce(removed);
  } else announce(keep(pictureOf(button)) ? kept : full);
});

document.addEventListener("my-list", () => showState());
window.addEventListener("storage", (event) => {
  if (event.key === KEY || event.key === null) document.dispatchEvent(new CustomEvent("my-list"));
});
window.addEventListener("pageshow", () => showState());
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node.querySelector?.("button.keep")) showState(node);
}).observe(document.body, { childList: true, subtree: true });

document.documentElement.classList.add("keeping");
showState();
