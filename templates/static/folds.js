// Folded parts with an id: the address opens them, and opening one puts it into the address.
import { changeState, readState } from "./address.js";

function openNamed() {
  for (const [name, value] of readState()) {
    const part = value === "" && document.getElementById(name);
    if (!part) continue;
    const isFold = part.matches("details");
    if (isFold && !part.querySelector("summary")?.offsetParent) continue; // always open on a wide screen
    let isChanged = false;
    for (let fold = part.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      isChanged ||= !fold.open;
      fold.open = true;
    }
    if (isChanged) part.scrollIntoView({ block: "nearest" });
  }
}

document.addEventListener("toggle", ({ target }) => {
  if (!target.matches?.("details[id]")) return;
  if (target.open) changeState({ [target.id]: "" });
  else if (target.isConnected) changeState({ [target.id]: null });
}, true);
// The address of new results does not name what stayed open over them.
document.addEventListener("htmx:pushedIntoHistory", () => {
  for (const fold of document.querySelectorAll("details[id][open]")) changeState({ [fold.id]: "" });
});
window.addEventListener("hashchange", openNamed);
openNamed();
