// Beside the table: the findings of its cells, marked where they are, and what a change of the focused cell changes.
"use strict";
(() => {
  if (!Grid.on || !Grid.form.dataset.beside) return;
  const { form, table } = Grid;
  const findings = document.getElementById("grid-findings"), moving = document.getElementById("grid-moves");
  const told = new Map();
  let timer = 0, asked = "";

  const get = (url) => fetch(url).then((r) => (r.ok && !r.redirected ? r.text() : ""));
  const cellsIn = (note) => note.dataset.marks.split(" ").filter(Boolean).map((place) => cellOf(...`${place}/`.split("/")));
  const cellOf = (row, column) => {
    const tr = table.querySelector(`tr[data-row="${CSS.escape(row)}"]`) || Grid.entries().find((r) => Grid.key(r) === row)?.tr;
    if (!tr) return null;
    return document.getElementById(`c-${row}-${column}`)?.closest("td") || tr.querySelector(`[data-column="${CSS.escape(column)}"]`)?.closest("td") || tr.querySelector("th,td:not(.order-cell)");
  };
  function mark() {
    for (const td of table.querySelectorAll(".found")) { td.classList.remove("found"); td.removeAttribute("title"); }
    for (const note of findings.querySelectorAll("[data-marks]")) {
      for (const td of cellsIn(note)) {
        if (td) { td.classList.add("found"); td.title = note.querySelector("p").textContent.trim(); }
      }
    }
  }
  const look = () => fetch(form.dataset.beside).then(async (answer) => {
    if (!answer.ok || answer.redirected) return;
    findings.innerHTML = await answer.text();
    mark();
    // What an earlier page was still saving has arrived after this one was made.
    const now = answer.headers.get("X-Version"), mine = form.elements.version.value;
    if (now === mine || "typed" in form.dataset || Grid.changes().length || sessionStorage.getItem("mz:seen") === now) return;
    sessionStorage.setItem("mz:seen", now);
    location.reload();
  }).catch(() => {}); // it comes with the next saving

  // The finding of the focused cell comes to the top; then what moves with the cell.
  table.addEventListener("focusin", ({ target }) => {
    const td = target.closest("td"), tr = target.closest("tr[data-entry]");
    if (!td || !tr) return;
    for (const note of findings.querySelectorAll("[data-marks]")) {
      note.classList.toggle("here", cellsIn(note).includes(td));
    }
    const row = Grid.sums.given ? tr.dataset.row : Grid.sums.code ? Grid.code(Grid.row(tr)) : String(Grid.row(tr).at === null ? "" : Grid.row(tr).at + 1);
    const field = Grid.fieldOf(target);
    moving.hidden = true;
    clearTimeout(timer);
    if (!row || !target.matches(".amount")) return;
    const address = `${form.dataset.moves}?row=${encodeURIComponent(row)}&column=${encodeURIComponent(field)}`;
    asked = address;
    const show = (html) => { if (asked === address && html) { moving.innerHTML = html; moving.hidden = false; } };
    if (told.has(address)) show(told.get(address));
    else timer = setTimeout(() => get(address).then((html) => { told.set(address, html); show(html); }).catch(() => {}), 400); // nothing is said without the server
  });
  form.addEventListener("saved", () => { told.clear(); look(); });
  look();
})();
