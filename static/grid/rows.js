// The rows of the table: what is typed in them, new ones by typing on, removed and moved ones, the rows above codes.
"use strict";
(() => {
  const FIELDS = "input:not([type=hidden]):not([type=checkbox]):not(.order),select,textarea";
  const table = document.querySelector("table[data-grid]");
  const form = table && table.closest("form");
  Object.assign(Grid, { table, form, on: !!(form && "sums" in table.dataset) });
  if (!Grid.on) return;
  const body = table.tBodies[0];
  const blank = document.getElementById("grid-row");
  const sums = JSON.parse(table.dataset.sums);
  const total = form.elements["rows-TOTAL_FORMS"], initial = form.elements["rows-INITIAL_FORMS"];
  const known = new WeakMap(); // row element -> { inputs, at }

  const fieldOf = (input) => input.dataset.column;

  // The typed cells of a row by field, and which saved row it is (null: none yet).
  function row(tr) {
    if (!known.has(tr)) {
      const inputs = {};
      for (const input of tr.querySelectorAll(FIELDS)) inputs[fieldOf(input)] = input;
      const first = Object.values(inputs)[0];
      const n = first ? Number(/^rows-(\d+)-/.exec(first.name)?.[1] ?? -1) : -1;
      known.set(tr, { tr, inputs, at: n >= 0 && n < Number(initial.value) ? n : null });
    }
    return known.get(tr);
  }
  const entries = (all = false) => [...body.querySelectorAll("tr[data-entry]")].filter((tr) => all || !tr.hidden).map(row);
  const said = (r) => Object.values(r.inputs).some((input) => input.value.trim() !== "");
  const code = (r) => {
    if (!sums.code || !r.inputs[sums.code]) return "";
    return r.inputs[sums.code].value.normalize("NFKC").replace(/\s/g, "").replace(/^\[?(\d{3}|\d{5}|\d{7})\]?\D+$/, "$1");
  };
  const key = (r) => r.tr.dataset.row && !sums.code ? r.tr.dataset.row : code(r);

  // A blank row before `before`, or below the last one.
  function add(before = null) {
    const tr = blank.content.firstElementChild.cloneNode(true);
    body.insertBefore(tr, before);
    const made = row(tr);
    made.at = null;
    equip(made);
    number();
    return made;
  }

  // Script takes over from the boxes that pages without script have: a button removes a row, two move it.
  function equip(r) {
    const drop = r.tr.querySelector("td.drop input"), order = r.tr.querySelector("input.order");
    const button = (words, sign, act) => {
      const made = Grid.make("button", { type: "button", tabIndex: -1, className: "row-tool", ariaLabel: words }, sign);
      made.addEventListener("click", act);
      return made;
    };
    if (drop) {
      drop.hidden = true;
      drop.after(button("删去这一行（Alt+Delete）", "×", () => remove(r)));
    }
    if (order) {
      order.hidden = true;
      order.after(button("上移（Alt+↑）", "↑", () => move(r, -1)), button("下移（Alt+↓）", "↓", () => move(r, 1)));
    }
  }

  // Names, numbers and labels follow the rows as they stand: saved rows first, as the server counts them.
  function number() {
    const all = entries(true);
    const saved = all.filter((r) => r.at !== null).sort((a, b) => a.at - b.at);
    const fresh = all.filter((r) => r.at === null);
    [...saved, ...fresh].forEach((r, n) => {
      for (const input of r.tr.querySelectorAll("[name]")) input.name = input.name.replace(/^rows-(\d+|__prefix__)-/, `rows-${n}-`);
      r.n = n;
    });
    all.filter((r) => !r.tr.hidden).forEach((r, n) => {
      const order = r.tr.querySelector("input.order");
      if (order) order.value = n + 1;
      for (const input of sums.given ? [] : Object.values(r.inputs)) {
        input.ariaLabel = input.ariaLabel.replace(/^第\d+行/, `第${n + 1}行`);
      }
    });
    total.value = all.length;
    initial.value = saved.length;
  }

  const shown = (r, yes) => {
    r.tr.hidden = !yes;
    const drop = r.tr.querySelector("td.drop input");
    if (drop) drop.checked = !yes;
    changed(r);
  };
  function remove(r) {
    if (sums.given || !r.tr.querySelector("td.drop")) return;
    const next = entries().find((each) => each.tr.compareDocumentPosition(r.tr) & 2) || entries()[0];
    Grid.step([{ undo: () => shown(r, true), redo: () => shown(r, false) }]);
    shown(r, false);
    grow();
    if (next && next !== r) Object.values(next.inputs)[0].focus();
  }
  function move(r, by) {
    const all = entries(), other = all[all.indexOf(r) + by];
    if (!other || !r.tr.querySelector("input.order")) return;
    const swap = (down) => { if (down) other.tr.after(r.tr); else other.tr.before(r.tr); changed(r); };
    Grid.step([{ undo: () => swap(by < 0), redo: () => swap(by > 0) }]);
    const at = document.activeElement;
    swap(by > 0);
    if (r.tr.contains(at)) at.focus();
  }

  // There is always a blank row to type on.
  function grow() {
    if (!blank || sums.given) return;
    const all = entries();
    if (!all.length || said(all[all.length - 1])) add();
  }
  const changed = (r) => r.tr.dispatchEvent(new CustomEvent("rowchange", { bubbles: true, detail: r }));

  Object.assign(Grid, { body, blank, sums, row, entries, said, code, key, add, remove, move, number, grow, fieldOf, changed, equip });
})();
