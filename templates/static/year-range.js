// Two handles below the bars of the years, and bars to drag over. The fields and links of the page do the same without this script.
const DRAG = 4; // pixels that a pointer moves before it drags

function fields() {
  return [document.getElementById("year_from"), document.getElementById("year_to")];
}

function submitYears(first, last) {
  const [from, to] = fields();
  [from.value, to.value] = [first, last];
  document.getElementById("search").requestSubmit();
}

function years(bar) {
  return [Number(bar.dataset.from), Number(bar.dataset.to)];
}

// Marks the bars of the years that the reader is about to choose, and writes the years into the fields.
function showYears(bars, first, last) {
  const [from, to] = fields();
  [from.value, to.value] = [first, last];
  for (const bar of bars) {
    const [start, end] = years(bar);
    bar.classList.toggle("chosen", start <= last && end >= first);
  }
}

function makeHandle(label, minimum, maximum, value) {
  return Object.assign(document.createElement("input"), { type: "range", min: minimum, max: maximum, step: 1, value, ariaLabel: label });
}

function addHandles(part, bars) {
  const [minimum, maximum] = [years(bars[0])[0], years(bars[bars.length - 1])[1]];
  const [from, to] = fields();
  const clamp = (text, other) => (text === "" ? other : Math.min(maximum, Math.max(minimum, Number(text))));
  const first = makeHandle(part.dataset.firstLabel, minimum, maximum, clamp(from.value, minimum));
  const last = makeHandle(part.dataset.lastLabel, minimum, maximum, clamp(to.value, maximum));
  const handles = Object.assign(document.createElement("div"), { className: "handles" });
  handles.append(first, last);
  part.querySelector(".histogram").after(handles);
  handles.addEventListener("input", (event) => {
    // Neither handle passes the other.
    if (Number(first.value) > Number(last.value)) event.target.value = event.target === first ? last.value : first.value;
    showYears(bars, Number(first.value), Number(last.value));
  });
  // A pointer submits when it lets go; the keys, when the reader stops for a moment or leaves.
  let timer = 0;
  const submit = () => submitYears(first.value, last.value);
  handles.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(submit, 700);
  });
  handles.addEventListener("pointerup", () => {
    clearTimeout(timer);
    timer = setTimeout(submit, 50);
  });
}

function addDragging(histogram, bars) {
  let start = null;
  let range = null;
  const barAt = (x) => bars.find((bar) => x <= bar.getBoundingClientRect().right) ?? bars[bars.length - 1];
  histogram.addEventListener("pointerdown", (event) => {
    if (event.button === 0) start = event.clientX;
  });
  histogram.addEventListener("pointermove", (event) => {
    if (start === null || (!range && Math.abs(event.clientX - start) < DRAG)) return;
    if (!range) histogram.setPointerCapture(event.pointerId);
    const edges = [...years(barAt(start)), ...years(barAt(event.clientX))];
    range = [Math.min(...edges), Math.max(...edges)];
    showYears(bars, ...range);
  });
  const finish = () => {
    const chosen = range;
    [start, range] = [null, null];
    if (chosen) submitYears(...chosen);
  };
  histogram.addEventListener("pointerup", finish);
  histogram.addEventListener("pointercancel", () => ([start, range] = [null, null]));
  // The click at the end of a drag does not follow the link of a bar.
  histogram.addEventListener("click", (event) => range && event.preventDefault(), true);
}

export function addYearHandles() {
  const part = document.querySelector(".year-range");
  const bars = [...(part?.querySelectorAll(".histogram li") ?? [])];
  if (bars.length < 2 || part.querySelector(".handles")) return;
  addHandles(part, bars);
  addDragging(part.querySelector(".histogram"), bars);
}
