// The search field on every page: Ctrl+K leads to it, on a Mac ⌘K; a single letter would be a trap for who speaks to the
// computer (WCAG 2.1.4). Its parts are modules of their own; the pages also work without them.
import "./suggestions.js";

export { showUploaded } from "./picture-search.js";

const EDITABLE = "input, textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  const field = document.getElementById("q");
  const isShortcut = event.key.toLowerCase() === "k" && event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey;
  if (!isShortcut || !field || event.target.closest(EDITABLE)) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// Leave empty parameters and defaults out of the URL, so that it stays short enough to share.
document.addEventListener("formdata", (event) => {
  if (event.target.id !== "search") return;
  const defaults = new Map([...event.target.elements].filter((element) => element.dataset.default).map((element) => [element.name, element.dataset.default]));
  for (const [name, value] of [...event.formData]) if (value === "" || value === defaults.get(name)) event.formData.delete(name);
});
