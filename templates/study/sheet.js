"use strict";

// One sheet of a study: answers by key or button, kept in this browser, saved as a file. No request is made.
{
  const data = JSON.parse(document.getElementById("data").textContent);
  const place = `frontispiece-study-${data.sheet}`;
  const byId = (id) => document.getElementById(id);
  const answerButtons = [...document.querySelectorAll("[data-answer]")];
  const answerOfKey = { 1: "yes", 2: "partly", 3: "no", 0: "unsure" };
  let kept = { judge: "", answers: {}, comments: {}, position: 0 };

  const load = () => {
    try {
      const read = JSON.parse(localStorage.getItem(place) ?? "null");
      if (read && typeof read === "object") kept = { ...kept, ...read };
    } catch { /* Answers of another version, or a browser that keeps nothing: begin anew. */ }
  };

  const keep = () => {
    try {
      localStorage.setItem(place, JSON.stringify(kept));
    } catch {
      byId("status").textContent = byId("status").dataset.unkept;
    }
  };

  const answeredCount = () => data.items.filter((entry) => kept.answers[entry.item]).length;
  const fill = (element, number) => {
    element.textContent = element.dataset.text.replace("NUMBER", number).replace("TOTAL", data.items.length);
  };

  const open = (name) => {
    for (const id of ["start", "work", "end"]) byId(id).hidden = id !== name;
  };

  const showQuery = (entry) => {
    const query = entry.query === undefined ? null : data.queries[entry.query];
    byId("query").hidden = !query;
    byId("ask-picture").hidden = Boolean(query);
    byId("ask-result").hidden = !query;
    if (!query) return;
    const hasPicture = query.image !== undefined;
    for (const id of ["query-picture", "query-picture-title"]) byId(id).hidden = !hasPicture;
    for (const id of ["query-words", "query-words-title"]) byId(id).hidden = hasPicture;
    byId("query-words").textContent = query.text ?? "";
    if (hasPicture) byId("query-picture").src = query.image;
  };

  const show = (position) => {
    if (position >= data.items.length) return finish();
    kept.position = Math.max(0, position);
    const entry = data.items[kept.position];
    byId("picture").src = entry.image;
    showQuery(entry);
    for (const button of answerButtons) {
      button.setAttribute("aria-pressed", String(kept.answers[entry.item] === button.dataset.answer));
    }
    byId("comment").value = kept.comments[entry.item] ?? "";
    fill(byId("position"), kept.position + 1);
    byId("progress").value = answeredCount() / data.items.length;
    byId("back").disabled = kept.position === 0;
    open("work");
    window.scrollTo(0, 0);
    byId("question").focus({ preventScroll: true });
    keep();
  };

  const finish = () => {
    fill(byId("end-count"), answeredCount());
    open("end");
    byId("end-title").focus();
  };

  const answer = (value) => {
    kept.answers[data.items[kept.position].item] = value;
    show(kept.position + 1);
    keep();
  };

  const rows = () => data.items.filter((entry) => kept.answers[entry.item] || kept.comments[entry.item]).map((entry) => ({
    item: entry.item, answer: kept.answers[entry.item] ?? "unsure", comment: kept.comments[entry.item] ?? "",
  }));

  const save = (extension, text, type) => {
    const name = kept.judge.normalize("NFC").replace(/[^\p{L}\p{N}_-]+/gu, "-").replace(/^-+|-+$/g, "") || "judge";
    const link = document.createElement("a");
    link.download = `judgements-${data.sheet}-${name}.${extension}`;
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    byId("status").textContent = byId("status").dataset.saved.replace("FILE", link.download);
  };

  const saveJson = () => {
    const content = { format: data.format, version: data.version, sheet: data.sheet, judge: kept.judge, saved_at: new Date().toISOString(), judgements: rows() };
    save("json", JSON.stringify(content, null, 1) + "\n", "application/json");
  };

  const saveCsv = () => {
    const cell = (value) => `"${String(value).replaceAll('"', '""')}"`;
    const lines = rows().map((row) => [data.sheet, kept.judge, row.item, row.answer, row.comment].map(cell).join(","));
    save("csv", "\ufeff" + [data.columns.join(","), ...lines].join("\r\n") + "\r\n", "text/csv");
  };

  const firstOpen = () => {
    const position = data.items.findIndex((entry) => !kept.answers[entry.item]);
    return position < 0 ? data.items.length : position;
  };

  byId("start-form").addEventListener("submit", (event) => {
    event.preventDefault();
    kept.judge = byId("judge").value.trim();
    if (kept.judge) show(firstOpen());
  });
  for (const button of answerButtons) button.addEventListener("click", () => answer(button.dataset.answer));
  byId("comment").addEventListener("input", () => {
    kept.comments[data.items[kept.position].item] = byId("comment").value;
    keep();
  });
  byId("back").addEventListener("click", () => show(kept.position - 1));
  byId("forward").addEventListener("click", () => show(kept.position + 1));
  byId("save").addEventListener("click", saveJson);
  byId("save-json").addEventListener("click", saveJson);
  byId("save-csv").addEventListener("click", saveCsv);
  byId("resume").addEventListener("click", () => show(kept.position));
  byId("forget").addEventListener("click", () => {
    if (!window.confirm(byId("forget").dataset.question)) return;
    localStorage.removeItem(place);
    window.location.reload();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("work").hidden) return;
    if (document.activeElement === byId("comment")) {
      if (event.key === "Escape") byId("question").focus();
      return;
    }
    const key = event.key.toLowerCase();
    if (key in answerOfKey && !event.repeat) answer(answerOfKey[key]);
    else if (key === "arrowleft") show(kept.position - 1);
    else if (key === "arrowright") show(kept.position + 1);
    else if (key === "c") byId("comment").focus();
    else if (key === "s") saveJson();
    else return;
    event.preventDefault();
  });

  load();
  byId("judge").value = kept.judge;
  open("start");
  byId("judge").focus();
}
