// What a script adds to a page that works without one: a picture chosen, dropped or pasted is sent at once.
"use strict";

const THUMBNAIL = 96; // pixels on the longer side: sharp in the chip, small in sessionStorage
const PENDING = "frontispiece.pending";

function pictureIn(transfer) {
  return [...(transfer?.files ?? [])].find((file) => file.type.startsWith("image/"));
}

function carriesFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

// The server keeps no upload, so the reader's own browser remembers what it looked like.
async function remember(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = THUMBNAIL / Math.max(bitmap.width, bitmap.height);
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, bitmap.width * scale);
    canvas.height = Math.max(1, bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    sessionStorage.setItem(PENDING, canvas.toDataURL("image/jpeg", 0.8));
  } catch {
    // A format that only the server reads, or no storage: no thumbnail, no harm.
  }
}

async function send(form, file) {
  form.querySelector(".busy").textContent = "Looking for pictures like yours…";
  document.body.classList.add("sending");
  await remember(file);
  // Words typed but not yet asked go with the picture.
  const typed = document.querySelector("#search [name=q]")?.value ?? "";
  const kept = form.elements.namedItem("q") ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "q" }));
  kept.value = typed;
  form.submit();
}

function take(transfer) {
  const form = document.getElementById("upload");
  const file = pictureIn(transfer);
  if (!form || !file) return false;
  const only = new DataTransfer();
  only.items.add(file);
  form.elements.namedItem("image").files = only.files;
  send(form, file);
  return true;
}

function showUploaded() {
  const place = document.querySelector("img[data-uploaded]");
  const vector = document.querySelector("input[form=search][name=vector]")?.value ?? "";
  const key = `frontispiece.${vector.length}.${vector.slice(-40)}`;
  try {
    const fresh = sessionStorage.getItem(PENDING);
    sessionStorage.removeItem(PENDING); // whatever page comes after an upload, the next one has nothing to do with it
    if (vector && fresh) sessionStorage.setItem(key, fresh);
    const thumbnail = vector && sessionStorage.getItem(key);
    if (place && thumbnail) Object.assign(place, { src: thumbnail, hidden: false });
  } catch {
    // No storage, no thumbnail.
  }
}

document.addEventListener("change", (event) => {
  const [file] = event.target.id === "image" ? event.target.files : [];
  if (file) send(event.target.form, file);
});

let depth = 0; // dragenter and dragleave also fire for every element on the way
function dragged(by) {
  depth = Math.max(0, by === 0 ? 0 : depth + by);
  document.body.classList.toggle("dropping", depth > 0);
}
document.addEventListener("dragenter", (event) => carriesFiles(event) && dragged(1));
document.addEventListener("dragleave", (event) => carriesFiles(event) && dragged(-1));
document.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  dragged(0);
  take(event.dataTransfer);
});
document.addEventListener("paste", (event) => {
  if (take(event.clipboardData)) event.preventDefault();
});

// An address without empty parts is one that a reader can keep.
document.addEventListener("formdata", (event) => {
  if (event.target.id !== "search") return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

// After htmx has swapped the results: the reader's place is their heading. A refused question is shown as a page.
document.addEventListener("htmx:afterSwap", () => {
  showUploaded();
  document.getElementById("results-heading")?.focus({ preventScroll: true });
});
document.addEventListener("htmx:responseError", (event) => {
  location.assign(event.detail.pathInfo.finalRequestPath);
});
// Coming back from the picture's page must not find the spinner that was left.
window.addEventListener("pageshow", () => document.body.classList.remove("sending"));

showUploaded();
