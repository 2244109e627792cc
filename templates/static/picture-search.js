// A picture to search with: chosen, photographed, dropped or pasted; made smaller, sent, and shown until the results come.
const MAX_SIDE = 1024; // pixels; the models look at 384 or fewer
const MAX_BYTES = 1_000_000; // smaller files of few pixels are sent as they are
const THUMBNAIL = 96; // pixels on the longer side: sharp in the chip, small in sessionStorage
const PENDING = "frontispiece.pending";
const PICTURE_PARAMETERS = ["like", "image", "vector"];
const OWN_PICTURE = /^\/(?:pictures|iiif\/(?:image|pictures))\/./;

const form = document.getElementById("upload");
const panel = document.getElementById("picture-panel");
const part = (selector) => form.querySelector(selector);
let request = null;
let waiting = null; // a picture that is sent once the reader has said how
let adding = false; // whether the reader opened the panel to add a picture

function isPicture(file) {
  // Many systems have no type for `.jp2` and `.heic`, so the form lists the endings.
  const endings = part("#image").accept.split(",").filter((entry) => entry.startsWith("."));
  return file.type.startsWith("image/") || endings.some((ending) => file.name.toLowerCase().endsWith(ending));
}

// Returns the picture on a canvas, at most `side` pixels wide and high; transparent parts are white.
function draw(bitmap, side) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// Returns the file to send and a thumbnail, which is empty if the browser cannot read the format.
async function prepare(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const thumbnail = draw(bitmap, THUMBNAIL).toDataURL("image/jpeg", 0.8);
    if (Math.max(bitmap.width, bitmap.height) <= MAX_SIDE && file.size <= MAX_BYTES) return { file, thumbnail };
    const blob = await new Promise((resolve) => draw(bitmap, MAX_SIDE).toBlob(resolve, "image/jpeg", 0.9));
    return { file: blob && blob.size < file.size ? new File([blob], "picture.jpg", { type: "image/jpeg" }) : file, thumbnail };
  } catch {
    return { file, thumbnail: "" };
  }
}

function tell(sentence) {
  part(".status").textContent = sentence;
}

// `idle`, `waiting` for the reader, `sending`
function setState(state) {
  form.dataset.state = state;
  document.body.classList.toggle("sending", state === "sending");
  part(".chosen").hidden = !waiting;
  part("progress").hidden = state !== "sending";
  if (state === "idle") tell("");
}

function reset() {
  request?.abort();
  request = waiting = null;
  part("#image").value = part("#camera").value = "";
  setState("idle");
}

// Opens the panel with the picture and sends it, or asks what becomes of the pictures that the search has.
export async function choose(file) {
  panel.showPopover?.();
  if (!isPicture(file)) return tell(form.dataset.noPicture);
  request?.abort();
  tell(form.dataset.reading);
  const picture = await prepare(file);
  waiting = picture;
  Object.assign(part(".chosen img"), { src: picture.thumbnail, hidden: !picture.thumbnail });
  part(".file-name").textContent = file.name;
  // The search has pictures already: the reader says whether they stay.
  if (!part(".send-added").hidden && !adding) {
    setState("waiting");
    tell("");
    part(".send-alone").focus();
  } else send(adding ? part(".send-added") : part(".send-alone"));
}

// Sends the picture as the button says. The server answers with the address of the results.
function send(button) {
  const { file, thumbnail } = waiting;
  setState("sending");
  tell(form.dataset.sending);
  storeThumbnail(thumbnail);
  const data = new FormData(form);
  data.set("image", file, file.name);
  request = new XMLHttpRequest();
  request.open("POST", button.getAttribute("formaction") ?? form.getAttribute("action"));
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", ({ loaded, total }) => (part("progress").value = total ? loaded / total : 0));
  request.upload.addEventListener("load", () => tell(form.dataset.searching));
  request.addEventListener("load", ({ target }) => {
    const address = target.getResponseHeader("HX-Redirect");
    if (address) return location.assign(address);
    fail(new DOMParser().parseFromString(target.responseText, "text/html").querySelector(".problem p")?.textContent);
  });
  request.addEventListener("error", () => fail());
  request.send(data);
}

function fail(sentence) {
  reset();
  tell(sentence || form.dataset.failed);
}

function storeThumbnail(thumbnail) {
  try {
    if (thumbnail) sessionStorage.setItem(PENDING, thumbnail);
    else sessionStorage.removeItem(PENDING);
  } catch {
    // No storage, no thumbnail.
  }
}

// The server keeps no uploads, so the browser stores a thumbnail for each; the newest picture is the last one.
export function showUploaded() {
  const places = [...document.querySelectorAll("img[data-uploaded]")];
  try {
    const fresh = sessionStorage.getItem(PENDING);
    sessionStorage.removeItem(PENDING); // it belongs to the page right after the upload only
    if (fresh && places.length) sessionStorage.setItem(`frontispiece.${places.at(-1).dataset.uploaded}`, fresh);
    for (const place of places) {
      const thumbnail = sessionStorage.getItem(`frontispiece.${place.dataset.uploaded}`);
      if (thumbnail) Object.assign(place, { src: thumbnail, hidden: false });
    }
  } catch {
    // No storage, no thumbnail.
  }
  updateButtons();
}

// After a change of the request by htmx: whether it has pictures to which one more can be added.
function updateButtons() {
  if (!form) return;
  const pictures = [...document.querySelectorAll("input[type=hidden][form=search]")].filter(({ name }) => PICTURE_PARAMETERS.includes(name));
  const alone = part(".send-alone");
  part(".send-added").hidden = !pictures.length;
  part(".send-added").setAttribute("formaction", `/?${new URLSearchParams(pictures.map(({ name, value }) => [name, value]))}`);
  alone.textContent = pictures.length ? alone.dataset.alone : alone.dataset.name;
}

// A picture of this service is not sent: its address says which one it is.
function searchOwnPicture(address) {
  const pathname = address.startsWith(`${location.origin}/`) ? address.slice(location.origin.length).split(/[?#]/)[0] : "";
  if (!OWN_PICTURE.test(pathname)) return false;
  const pairs = [...new FormData(document.getElementById("search"))].filter(([, value]) => value !== "");
  location.assign(`/?${new URLSearchParams([...pairs, ["image", location.origin + pathname]])}`);
  return true;
}

function takeTransfer(transfer) {
  const address = transfer?.getData("text/uri-list") || transfer?.getData("text/plain") || "";
  if (searchOwnPicture(address.split("\n")[0].trim())) return true;
  const file = [...(transfer?.files ?? [])].find(isPicture) ?? transfer?.files[0];
  if (file) choose(file);
  return Boolean(file);
}

function listen() {
  form.addEventListener("change", ({ target }) => target.type === "file" && target.files[0] && choose(target.files[0]));
  form.addEventListener("input", ({ target }) => target.id === "address" && !waiting && setState(target.value.trim() ? "waiting" : "idle"));
  form.addEventListener("submit", (event) => {
    if (!waiting) return; // an address
    event.preventDefault();
    send(event.submitter ?? part(".send-alone"));
  });
  // Words that are typed but not yet submitted are sent with the picture.
  form.addEventListener("formdata", ({ formData }) => formData.set("q", document.getElementById("q")?.value ?? ""));
  part(".remove").addEventListener("click", () => {
    reset();
    part("#image").focus();
  });
  panel.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") part("#image").focus({ focusVisible: false });
    else adding = false;
  });
  document.addEventListener("click", ({ target }) => (adding = Boolean(target.closest("[data-adds]")) || (adding && panel.contains(target))));

  let depth = 0; // dragenter and dragleave also fire for every element inside the page
  let moving = false; // whether something of the page is dragged that has a use of its own
  const hasFiles = (event) => !moving && [...(event.dataTransfer?.types ?? [])].includes("Files");
  const setDepth = (newDepth) => {
    depth = Math.max(0, newDepth);
    document.body.classList.toggle("dropping", depth > 0);
  };
  document.addEventListener("dragstart", ({ target }) => (moving = Boolean(target.closest?.("[draggable=true]"))));
  document.addEventListener("dragend", () => {
    moving = false;
    setDepth(0);
  });
  document.addEventListener("dragenter", (event) => hasFiles(event) && setDepth(depth + 1));
  document.addEventListener("dragleave", (event) => hasFiles(event) && setDepth(depth - 1));
  document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setDepth(0);
    takeTransfer(event.dataTransfer);
  });
  document.addEventListener("paste", (event) => {
    const isTyped = event.target.closest?.("input, textarea, [contenteditable]") && !event.clipboardData?.files.length;
    if (!isTyped && takeTransfer(event.clipboardData)) event.preventDefault();
  });
  // Nothing is being sent any more when the reader comes back with the browser's Back button.
  window.addEventListener("pageshow", ({ persisted }) => persisted && reset());
}

if (form) {
  setState("idle");
  listen();
}
showUploaded();
