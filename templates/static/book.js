// The strip of a book's pages shows the picture of the mark under the pointer.
for (const strip of document.querySelectorAll(".page-strip")) {
  const preview = strip.querySelector(".strip-preview");
  const image = preview.querySelector("img");
  const hide = () => { preview.hidden = true; };
  strip.addEventListener("pointerover", (event) => {
    const mark = event.target.closest("a[data-image]");
    if (!mark || event.pointerType === "touch") return;
    image.src = mark.dataset.image;
    preview.querySelector("span").textContent = mark.getAttribute("aria-label");
    preview.hidden = false;
    const frame = strip.getBoundingClientRect();
    const place = mark.getBoundingClientRect();
    const left = place.left + place.width / 2 - frame.left - preview.offsetWidth / 2;
    preview.style.left = `${Math.max(0, Math.min(left, frame.width - preview.offsetWidth))}px`;
  });
  strip.addEventListener("pointerleave", hide);
  strip.addEventListener("click", hide);
}
