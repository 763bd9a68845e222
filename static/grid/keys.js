// Moving and choosing as in a spreadsheet, over inputs that stay inputs: arrows, Enter, ranges, filling down.
"use strict";
(() => {
  if (!Grid.on) return;
  const { table, body } = Grid;
  const INPUT = "input:not([type=hidden]):not([type=checkbox]):not(.order),select,textarea";
  let pointing = false, editing = false, anchor = null, corner = null, dragging = false;

  const rows = () => [...body.rows].filter((tr) => !tr.hidden);
  const cells = (tr) => [...tr.cells].filter((td) => !td.matches(".drop,.order-cell,.was"));
  const inputIn = (td) => td && td.querySelector(INPUT);
  function place(td) {
    const r = rows().indexOf(td.parentElement);
    return r < 0 ? null : { r, c: cells(td.parentElement).indexOf(td) };
  }
  const at = ({ r, c }) => { const tr = rows()[r]; return tr && cells(tr)[c]; };
  const tdOf = (node) => node && node.closest && node.closest("tbody td, tbody th");

  function focus(input) {
    if (!input) return false;
    input.focus();
    if (input.select) input.select();
    input.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }
  // The next typed cell in a direction; over derived ones.
  function go(from, dr, dc) {
    const all = rows();
    let { r, c } = from;
    for (;;) {
      r += dr; c += dc;
      if (r < 0 || r >= all.length || c < 0 || c >= cells(all[r]).length) return false;
      const input = inputIn(cells(all[r])[c]);
      if (input) return focus(input);
    }
  }

  // The chosen block, as rows of cells; the focused cell alone when nothing else was chosen.
  function block() {
    const here = tdOf(document.activeElement);
    const [a, b] = anchor && corner ? [anchor, corner] : [here && place(here), here && place(here)];
    if (!a || !b) return [];
    const all = rows(), out = [];
    for (let r = Math.min(a.r, b.r); r <= Math.max(a.r, b.r) && all[r]; r++) {
      out.push(cells(all[r]).slice(Math.min(a.c, b.c), Math.max(a.c, b.c) + 1));
    }
    return out;
  }
  const several = () => block().flat().length > 1;
  function paint() {
    for (const td of body.querySelectorAll(".sel")) td.classList.remove("sel");
    const chosen = corner ? block() : [];
    for (const td of chosen.flat()) td.classList.add("sel");
    const line = document.getElementById("grid-chosen");
    if (!line) return;
    const amounts = chosen.flat().filter((td) => td.matches(".n")).map((td) => Grid.parse(inputIn(td) ? inputIn(td).value : td.textContent, Grid.sums.unit));
    const sum = amounts.reduce((all, each) => all + each.cents, 0n);
    line.textContent = chosen.length ? `选中 ${chosen.flat().length} 格${amounts.length ? `，和 ${Grid.print(sum)}` : ""}` : "";
  }
  function choose(a, b) { anchor = a; corner = b; paint(); }
  const drop = () => choose(null, null);

  table.addEventListener("focusin", ({ target }) => {
    if (!target.matches(INPUT)) return;
    editing = false;
    if (target.select) target.select();
    const here = tdOf(target);
    if (!dragging && !pointing && !(corner && here && block().flat().includes(here))) drop();
  });
  table.addEventListener("input", ({ target, isTrusted }) => { if (isTrusted && target.matches(INPUT)) { if (corner) drop(); } });

  table.addEventListener("mousedown", (event) => {
    const td = tdOf(event.target);
    if (!td || event.button || event.target.closest("button,a")) return;
    const here = place(td), input = inputIn(td);
    if (event.shiftKey && document.activeElement !== document.body && tdOf(document.activeElement)) {
      choose(anchor || place(tdOf(document.activeElement)), here);
      event.preventDefault();
      return;
    }
    drop();
    anchor = here;
    dragging = true;
    // The first press chooses the cell, a second one goes into its text.
    if (input && event.target === input && document.activeElement !== input && !input.matches("select")) { event.preventDefault(); focus(input); }
    else if (input && document.activeElement === input) editing = true;
    else if (!input) { // a derived cell can be chosen: a block may be copied or laid over from there
      const near = td.parentElement.querySelector(INPUT) || Object.values(Grid.entries()[0]?.inputs || {})[0];
      event.preventDefault();
      pointing = true;
      if (near) near.focus({ preventScroll: true });
      pointing = false;
      choose(here, here);
    }
  });
  table.addEventListener("mouseover", (event) => {
    if (!dragging || !(event.buttons & 1)) return;
    const td = tdOf(event.target), here = td && place(td);
    if (here && anchor && (corner || here.r !== anchor.r || here.c !== anchor.c)) { getSelection().removeAllRanges(); choose(anchor, here); }
  });
  addEventListener("mouseup", () => { dragging = false; if (!corner) anchor = null; });

  function fillDown() {
    const chosen = block(), pairs = [];
    const source = chosen.length > 1 ? chosen[0] : null;
    const here = place(tdOf(document.activeElement));
    for (const line of chosen.length > 1 ? chosen.slice(1) : chosen) {
      line.forEach((td, i) => {
        const from = source ? source[i] : at({ r: here.r - 1, c: here.c });
        if (inputIn(td) && inputIn(from)) pairs.push([inputIn(td), inputIn(from).value]);
      });
    }
    Grid.fill(pairs);
  }
  const inputs = () => block().flat().map(inputIn).filter(Boolean);
  const clear = () => Grid.fill(inputs().map((input) => [input, ""]));

  table.addEventListener("keydown", (event) => {
    const input = event.target;
    // An input method is at work: its keys are its own.
    if (event.isComposing || event.keyCode === 229 || !input.matches(INPUT)) return;
    const here = place(tdOf(input)), { key, shiftKey: shift, altKey: alt } = event;
    const command = event.ctrlKey || event.metaKey;
    const whole = !("selectionStart" in input) || input.value === "" || (input.selectionStart === 0 && input.selectionEnd === input.value.length);
    const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const stop = (act) => { event.preventDefault(); act(); };
    if (command && !alt) {
      const letter = key.toLowerCase();
      if (letter === "z") return stop(shift ? Grid.redo : Grid.undo);
      if (letter === "y") return stop(Grid.redo);
      if (letter === "d") return stop(fillDown);
      return;
    }
    if (alt) {
      const r = Grid.row(input.closest("tr"));
      if (key === "Delete") return stop(() => Grid.remove(r));
      if (key === "ArrowUp" && !input.matches("select")) return stop(() => Grid.move(r, -1));
      if (key === "ArrowDown" && !input.matches("select")) return stop(() => Grid.move(r, 1));
      if (key === "Enter" && input.matches("textarea")) return stop(() => input.setRangeText("\n", input.selectionStart, input.selectionEnd, "end"));
      return;
    }
    if (key === "Enter") {
      return stop(() => { Grid.commit(input); if (!shift) Grid.grow(); go(here, shift ? -1 : 1, 0) || focus(input); });
    }
    if (key === "Escape") return stop(() => { Grid.put(input, Grid.start(input)); editing = false; drop(); if (input.select) input.select(); });
    if (key === "F2") return stop(() => { editing = true; if (input.setSelectionRange) input.setSelectionRange(input.value.length, input.value.length); });
    if (key === "Delete" && (several() || (whole && !editing))) return stop(clear);
    if (!arrows[key]) return;
    const [dr, dc] = arrows[key];
    if (editing || (!whole && dc && input.matches("textarea,input:not(.amount,.code)"))) return; // the caret's own way
    if (shift) {
      return stop(() => {
        const from = corner || here, to = { r: from.r + dr, c: from.c + dc };
        if (at(to)) choose(anchor || here, to);
      });
    }
    stop(() => { Grid.commit(input); drop(); go(here, dr, dc); });
  });
  // A page that nothing points into begins at its first empty cell.
  addEventListener("load", () => {
    if (location.hash || document.querySelector("[data-focus]") || !document.getElementById("save-alarm").hidden) return;
    const all = Grid.entries().flatMap((r) => Object.values(r.inputs));
    if (document.activeElement === document.body) focus(all.find((input) => !input.value) || all[0]);
  });
  table.addEventListener("dblclick", ({ target }) => { editing = target.matches(INPUT); });
  Object.assign(Grid, { block, inputs, clear, several, place, at, rowsShown: rows, cellsOf: cells, inputIn });
})();
