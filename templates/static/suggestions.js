// Suggestions while typing: a combobox as in the ARIA Authoring Practices. The options come from the server as HTML.
const DELAY = 120; // milliseconds after the last letter

class Combobox {
  constructor(field) {
    this.field = field;
    this.active = null;
    this.list = Object.assign(document.createElement("ul"), { id: "suggestions", className: "suggestions", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", field.dataset.listName);
    this.status = Object.assign(document.createElement("p"), { className: "visually-hidden" });
    this.status.setAttribute("role", "status");
    field.form.after(this.list, this.status);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false" })) field.setAttribute(name, value);
    field.addEventListener("input", (event) => !event.isComposing && this.ask(DELAY));
    field.addEventListener("compositionend", () => this.ask(DELAY));
    field.addEventListener("keydown", (event) => this.onKey(event));
    field.addEventListener("blur", () => this.close());
    field.form.addEventListener("submit", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  ask(delay) {
    clearTimeout(this.timer);
    this.request?.abort();
    this.timer = setTimeout(() => this.load(this.field.value), delay);
  }

  async load(text) {
    if (!text.trim()) return this.close();
    this.request = new AbortController();
    try {
      const response = await fetch(`${this.field.dataset.suggestions}?${new URLSearchParams({ q: text })}`, { signal: this.request.signal });
      const options = response.ok ? await response.text() : "";
      // An answer to an earlier text is dropped.
      if (text === this.field.value && document.activeElement === this.field) this.open(options);
    } catch {
      // Aborted, or no connection: the field works without suggestions.
    }
  }

  open(html) {
    this.list.innerHTML = html; // escaped by the server
    this.activate(null);
    this.toggle(this.options.length > 0);
    this.status.textContent = this.options.length ? this.field.dataset.some : this.field.dataset.none;
  }

  toggle(isOpen) {
    this.list.hidden = !isOpen;
    this.field.setAttribute("aria-expanded", isOpen);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.activate(null);
    this.toggle(false);
    this.status.textContent = "";
  }

  activate(option) {
    this.active?.setAttribute("aria-selected", "false");
    this.active = option;
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.field.setAttribute("aria-activedescendant", option.id);
    } else this.field.removeAttribute("aria-activedescendant");
  }

  onKey(event) {
    if (event.isComposing) return;
    const { options } = this;
    const position = options.indexOf(this.active);
    if (this.list.hidden) {
      if (event.key === "ArrowDown" && this.field.value.trim()) this.ask(0);
      return;
    }
    // Past either end, no option is active and the reader is back in the text.
    const moves = { ArrowDown: position + 1, ArrowUp: position === -1 ? options.length - 1 : position - 1 };
    if (this.active) Object.assign(moves, { Home: 0, End: options.length - 1 });
    if (event.key in moves) this.activate(options[moves[event.key]] ?? null);
    else if (event.key === "Enter" && this.active) this.choose(this.active);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  choose(option) {
    if (!option) return;
    const { group, url } = option.dataset;
    const { q, ...filters } = JSON.parse(option.dataset.parameters);
    if (group === "title") return location.assign(url);
    this.field.value = q;
    if (group === "spelling") {
      this.field.focus();
      return this.ask(0);
    }
    // The filters of the page stay; a search by htmx reads the form at once, too.
    const inputs = Object.entries(filters).map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    this.field.form.append(...inputs);
    this.field.form.requestSubmit();
    setTimeout(() => inputs.forEach((input) => input.remove()));
  }
}

const field = document.querySelector("input[data-suggestions]");
if (field) new Combobox(field);
