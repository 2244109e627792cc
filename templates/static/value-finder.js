// Fields that find a value of a long filter by its first letters.
const PAUSE = 200; // milliseconds after the last letter
const SIZE = 12;

async function fetchValues(finder, prefix) {
  const query = new URLSearchParams(finder.dataset.query);
  query.set("facet", finder.dataset.facet);
  query.set("prefix", prefix);
  query.set("size", SIZE);
  const response = await fetch(`/api/facets?${query}`);
  return response.ok ? (await response.json()).values : [];
}

function valueLink(finder, { value, count }) {
  const address = new URL(location.href);
  address.searchParams.delete("page");
  address.searchParams.append(finder.dataset.facet, value);
  const link = Object.assign(document.createElement("a"), { href: `${address.pathname}${address.search}` });
  const name = Object.assign(document.createElement("bdi"), { className: "name", textContent: value });
  const number = Object.assign(document.createElement("span"), {
    className: "number",
    textContent: `+ ${count.toLocaleString(document.documentElement.lang)}`,
  });
  link.append(name, number);
  return link;
}

function showValues(finder, list, links) {
  list.replaceChildren(...links.map((link) => {
    const item = document.createElement("li");
    item.append(link);
    return item;
  }));
  window.htmx?.process(list);
}

function addFinder(finder) {
  const input = finder.querySelector("input");
  const list = finder.nextElementSibling;
  const all = [...list.children];
  let timer = 0;
  let newest = 0;
  finder.dataset.ready = "true";
  input.addEventListener("input", () => {
    clearTimeout(timer);
    const request = ++newest;
    if (!input.value.trim()) {
      list.replaceChildren(...all);
      return;
    }
    timer = setTimeout(async () => {
      const values = await fetchValues(finder, input.value.trim());
      if (request !== newest) return; // a later request has been sent
      showValues(finder, list, values.map((value) => valueLink(finder, value)));
      if (!values.length) list.append(Object.assign(document.createElement("li"), { className: "note", textContent: input.dataset.none }));
    }, PAUSE);
  });
}

export function addFinders() {
  document.querySelectorAll(".finder:not([data-ready])").forEach(addFinder);
}
