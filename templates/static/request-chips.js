// The slider between words and pictures takes the place of the five links; only one chip is open at a time.
function prepareSlider() {
  const slider = document.getElementById("balance");
  if (!slider?.disabled) return;
  slider.disabled = false;
  document.querySelector("input[type=hidden][form=search][name=balance]")?.remove(); // the slider sends it
}

document.addEventListener("change", ({ target }) => target.id === "balance" && target.form.requestSubmit());

// A chip closes when the reader leaves it or presses Esc, which leads back to its name.
function closeChips(except) {
  for (const details of document.querySelectorAll(".with-picture details[open]")) if (details !== except) details.open = false;
}
document.addEventListener("click", ({ target }) => closeChips(target.closest(".with-picture details")));
document.addEventListener("keydown", (event) => {
  const details = event.target.closest(".with-picture details[open]");
  if (event.key !== "Escape" || !details) return;
  details.open = false;
  details.querySelector("summary").focus();
});

document.addEventListener("htmx:afterSwap", prepareSlider);
prepareSlider();
