// Two pictures: side by side, or one over the other with a slider. The address names the second with its edge, `#over=30`.
import { changeState, readState } from "./address.js";

const pair = document.querySelector(".pair");
const tools = document.querySelector(".compare-tools");

function show(mode) {
  pair.dataset.mode = mode;
  tools.querySelector(".slider").hidden = mode !== "over";
  for (const button of tools.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
  changeState({ over: mode === "over" ? tools.querySelector("#split").value : null });
}

if (pair && tools) {
  tools.addEventListener("click", (event) => event.target.dataset.mode && show(event.target.dataset.mode));
  const split = tools.querySelector("#split");
  const cut = () => pair.style.setProperty("--split", `${split.value}%`);
  const remember = () => changeState({ over: split.value });
  split.addEventListener("input", cut);
  split.addEventListener("change", remember);
  // The edge follows a pointer on the pictures, too.
  const follow = (event) => {
    const { left, width } = pair.getBoundingClientRect();
    split.value = (100 * (event.clientX - left)) / width;
    cut();
  };
  pair.addEventListener("pointerdown", (event) => {
    if (pair.dataset.mode !== "over" || event.button !== 0 || !event.target.closest(".mat")) return;
    event.preventDefault();
    pair.setPointerCapture(event.pointerId);
    follow(event);
  });
  pair.addEventListener("pointermove", (event) => pair.hasPointerCapture(event.pointerId) && follow(event));
  pair.addEventListener("lostpointercapture", remember);
  split.value = readState().get("over") || split.value;
  cut();
  if (readState().has("over")) show("over");
}
