// The state of a page behind the “#” of its address, as in `#page&zoom=10,20,300,400`, so that every state can be sent.
// A part of the page with an id is such a state too: `#cite` opens what is folded.

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Returns name → value; the value of a name alone is empty.
export function readState() {
  const pairs = location.hash.slice(1).split("&").filter(Boolean).map((part) => part.split(/=(.*)/s));
  return new Map(pairs.map(([name, value = ""]) => [decode(name), decode(value)]));
}

// Sets the names that have a text, and removes those that have null. The page stays the same page of the history.
export function changeState(changes) {
  const state = readState();
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) state.delete(name);
    else state.set(name, value);
  }
  const parts = [...state].map(([name, value]) => encodeURI(value === "" ? name : `${name}=${value}`));
  const hash = parts.length ? `#${parts.join("&")}` : "";
  if (hash !== location.hash) history.replaceState(history.state, "", location.pathname + location.search + hash);
}
