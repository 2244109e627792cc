// Going back to results that htmx has replaced loads them again; the reader comes back to the same place of them.
const SETTLED = 1000; // ms after which the browser no longer scrolls by itself
const key = () => `frontispiece.place ${location.href}`;

function returnTo(top) {
  history.scrollRestoration = "manual"; // the browser would return to the head of the page
  const scroll = () => scrollTo({ top, behavior: "instant" });
  requestAnimationFrame(scroll);
  window.addEventListener("load", () => {
    scroll();
    setTimeout(() => { history.scrollRestoration = "auto"; }, SETTLED);
  }, { once: true });
}

try {
  document.addEventListener("htmx:beforeRequest", () => sessionStorage.setItem(key(), String(scrollY)));
  const top = Number(sessionStorage.getItem(key()));
  sessionStorage.removeItem(key()); // a new visit begins at the head of the page
  const [{ type }] = performance.getEntriesByType("navigation");
  if (top && type !== "navigate") returnTo(top);
} catch {
  // No storage, no place.
}
