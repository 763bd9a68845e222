// Steps that can be taken back: of cells that were typed or pasted, of rows that were removed or moved.
"use strict";
(() => {
  if (!Grid.on) return;
  const MOST = 300;
  const done = [], undone = [];
  const last = new WeakMap(); // input -> the value that the steps know of

  const put = (input, value) => {
    if (input.value === value) { last.set(input, value); return; }
    input.value = value;
    last.set(input, value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const before = (input) => last.has(input) ? last.get(input) : input.defaultValue ?? input.value;

  // One step of several parts: {input, old, now} or {undo, redo}.
  function step(parts) {
    if (!parts.length) return;
    done.push(parts);
    if (done.length > MOST) done.shift();
    undone.length = 0;
  }
  // Values for several inputs as one step.
  function fill(pairs) {
    commit(document.activeElement);
    const parts = pairs.filter(([input, value]) => input.value !== value).map(([input, now]) => ({ input, old: input.value, now }));
    for (const { input, now } of parts) put(input, now);
    step(parts);
    return parts.length;
  }
  // What was typed in a cell becomes a step when the cell is left.
  function commit(input) {
    if (!input || !input.dataset || !input.dataset.column || !Grid.table.contains(input)) return;
    const old = before(input);
    if (old !== input.value) { step([{ input, old, now: input.value }]); last.set(input, input.value); }
  }
  function go(from, to, way) {
    commit(document.activeElement);
    const parts = from.pop();
    if (!parts) return;
    to.push(parts);
    for (const part of way === "undo" ? [...parts].reverse() : parts) {
      if (part.input) put(part.input, way === "undo" ? part.old : part.now); else part[way]();
    }
    const input = parts.find((part) => part.input && !part.input.closest("tr").hidden)?.input;
    if (input) input.focus();
  }
  Grid.table.addEventListener("focusin", ({ target }) => { if (!last.has(target) && target.dataset.column) last.set(target, target.value); });
  Grid.table.addEventListener("focusout", ({ target }) => commit(target));
  Object.assign(Grid, { step, fill, put, commit, start: before, undo: () => go(done, undone, "undo"), redo: () => go(undone, done, "redo") });
})();
