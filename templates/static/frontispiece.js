// Sends a picture as soon as it is chosen, dropped or pasted. The pages also work without this script.
"use strict";

const THUMBNAIL = 96; // pixels on the longer side: sharp in the chip, small in sessionStorage
const PENDING = "frontispiece.pending";

function isPicture(file) {
  // Many systems have no type for `.jp2` and `.heic`, so the form lists the endings.
  const endings = document.querySelector("#image")?.accept.split(",").filter((entry) => entry.startsWith(".")) ?? [];
  return file.type.startsWith("image/") || endings.some((ending) => file.name.toLowerCase().endsWith(ending));
}

function findPicture(transfer) {
  return [...(transfer?.files ?? [])].find(isPicture);
}

function hasFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

// The server keeps no uploads, so the browser stores a thumbnail for the search page to show.
async function storeThumbnail(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = THUMBNAIL / Math.max(bitmap.width, bitmap.height);
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, bitmap.width * scale);
    canvas.height = Math.max(1, bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    sessionStorage.setItem(PENDING, canvas.toDataURL("image/jpeg", 0.8));
  } catch {
    // No thumbnail if the browser cannot read the format or has no storage.
  }
}

async function submitPicture(form, file) {
  form.querySelector(".busy").textContent = "Searching for similar pictures…";
  document.body.classList.add("sending");
  await storeThumbnail(file);
  // Words that are typed but not yet submitted are sent with the picture.
  const typed = document.querySelector("#search [name=q]")?.value ?? "";
  const kept = form.elements.namedItem("q") ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "q" }));
  kept.value = typed;
  form.submit();
}

function submitTransfer(transfer) {
  const form = document.getElementById("upload");
  const file = findPicture(transfer);
  if (!form || !file) return false;
  const only = new DataTransfer();
  only.items.add(file);
  form.elements.namedItem("image").files = only.files;
  submitPicture(form, file);
  return true;
}

function showUploaded() {
  const place = document.querySelector("img[data-uploaded]");
  const vector = document.querySelector("input[form=search][name=vector]")?.value ?? "";
  const key = `frontispiece.${vector.length}.${vector.slice(-40)}`;
  try {
    const fresh = sessionStorage.getItem(PENDING);
    sessionStorage.removeItem(PENDING); // it belongs to the page right after the upload only
    if (vector && fresh) sessionStorage.setItem(key, fresh);
    const thumbnail = vector && sessionStorage.getItem(key);
    if (place && thumbnail) Object.assign(place, { src: thumbnail, hidden: false });
  } catch {
    // No storage, no thumbnail.
  }
}

document.addEventListener("change", (event) => {
  const [file] = event.target.id === "image" ? event.target.files : [];
  if (file) submitPicture(event.target.form, file);
});

let depth = 0; // dragenter and dragleave also fire for every element inside the page
function updateDragDepth(change) {
  depth = Math.max(0, change === 0 ? 0 : depth + change);
  document.body.classList.toggle("dropping", depth > 0);
}
document.addEventListener("dragenter", (event) => hasFiles(event) && updateDragDepth(1));
document.addEventListener("dragleave", (event) => hasFiles(event) && updateDragDepth(-1));
document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  updateDragDepth(0);
  submitTransfer(event.dataTransfer);
});
document.addEventListener("paste", (event) => {
  if (submitTransfer(event.clipboardData)) event.preventDefault();
});

// Leave empty parameters out of the URL, so that it stays short enough to share.
document.addEventListener("formdata", (event) => {
  if (event.target.id !== "search") return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

// After htmx has swapped the results, move the focus to their heading. Show an error as a whole page.
document.addEventListener("htmx:afterSwap", () => {
  showUploaded();
  document.getElementById("results-heading")?.focus({ preventScroll: true });
});
document.addEventListener("htmx:responseError", (event) => {
  location.assign(event.detail.pathInfo.finalRequestPath);
});
// Remove the spinner when the reader comes back with the browser's Back button.
window.addEventListener("pageshow", () => document.body.classList.remove("sending"));

showUploaded();
