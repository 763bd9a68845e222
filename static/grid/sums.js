// Totals, the rows above codes and the sums that hold tables together, while somebody types: the server's lists, added up.
"use strict";
(() => {
  if (!Grid.on) return;
  const { sums, body, table, parse, print } = Grid;
  const columns = Object.entries(sums.columns).filter(([, fields]) => fields.length);
  const counted = [...new Set(columns.flatMap(([, fields]) => fields))];
  const held = new Map(); // row -> what it adds now: { above, values, code }
  const kept = new Map(); // "row|column" -> { base, delta, cell }
  const ties = sums.ties.map((tie) => ({ ...tie, left: parse(tie.left).cents, right: parse(tie.right).cents }));
  const strip = document.getElementById("grid-ties");

  const money = (input) => { // what the server will not take adds nothing
    const read = input.classList.contains("amount") ? parse(input.value, sums.unit) : { cents: 0n };
    return read.fine ? { cents: 0n } : read;
  };
  const cell = (tr, column) => tr.querySelector(`:scope > [data-column="${column}"]:not(:has(input))`);
  const show = (td, cents) => {
    td.textContent = cents ? print(cents) : "";
    td.classList.toggle("negative", cents < 0n);
    change(td.parentElement);
  };

  // The derived rows that a typed row is part of.
  function above(r) {
    if (sums.given) return Object.keys(sums.rows).filter((each) => each !== Grid.key(r) && sums.rows[each].includes(Grid.key(r)));
    const code = Grid.code(r);
    if (!sums.lengths.includes(code.length)) return ["total"];
    return ["total", ...sums.lengths.filter((length) => length < code.length).map((length) => code.slice(0, length))];
  }

  function at(rowKey, column, code) {
    const name = `${rowKey}|${column}`;
    if (!kept.has(name) || (code && !kept.get(name).td)) {
      const tr = body.querySelector(`tr[data-row="${CSS.escape(rowKey)}"]:not([data-entry])`) || (code && parent(rowKey, code));
      const td = tr && cell(tr, column);
      const delta = kept.get(name)?.delta || 0n;
      kept.set(name, { base: td ? parse(td.textContent, sums.unit).cents : 0n, delta, td });
    }
    return kept.get(name);
  }

  // A row above a code that was not there when the page was made.
  function parent(code, r) {
    if (!/^\d+$/.test(code) || !sums.lengths.includes(code.length) || !Grid.blank) return null;
    const tr = Grid.blank.content.firstElementChild.cloneNode(true);
    tr.removeAttribute("data-entry");
    tr.dataset.made = "";
    tr.className = `parent l${sums.lengths.indexOf(code.length) + 1}`;
    tr.dataset.row = code;
    for (const td of [...tr.children]) td.querySelectorAll("input,button").forEach((each) => {
      td.dataset.column = each.dataset.column || "";
      each.remove();
    });
    for (const td of tr.children) td.classList.add("derived");
    const first = [...tr.children].find((td) => td.dataset.column === sums.code);
    if (first) first.textContent = code;
    tr.querySelector("[data-name]")?.replaceChildren(Grid.nameOf ? Grid.nameOf(code) : "");
    body.insertBefore(tr, r.tr);
    return tr;
  }

  function take(r, sign, what) {
    for (const rowKey of what.above) {
      for (const [column, fields] of columns) {
        const sum = fields.reduce((all, field) => all + (what.values[field] || 0n), 0n);
        if (!sum) continue;
        const place = at(rowKey, column, r);
        place.delta += sign * sum;
        place.dirty = true;
      }
    }
    for (const tie of ties) {
      for (const [side, row, codes, fields] of tie.terms) {
        if (row ? row !== what.key : codes && !codes.some((each) => what.key.startsWith(each))) continue;
        const sum = fields.reduce((all, field) => all + (what.values[field] || 0n), 0n);
        if (side > 0) tie.left += sign * sum; else tie.right += sign * sum;
      }
    }
  }

  function read(r) {
    const values = {};
    for (const field of r.tr.hidden ? [] : counted) if (r.inputs[field]) values[field] = money(r.inputs[field]).cents;
    return { above: above(r), values, key: Grid.key(r) };
  }

  // The row as it now stands takes the place of what it added before.
  function update(r) {
    const now = read(r), before = held.get(r);
    if (before) take(r, -1n, before);
    take(r, 1n, now);
    held.set(r, now);
    for (const [column, fields] of columns) {
      const td = cell(r.tr, column);
      if (td) show(td, fields.reduce((all, field) => all + (now.values[field] || 0n), 0n));
    }
    change(r.tr);
    for (const place of kept.values()) {
      if (place.dirty && place.td) show(place.td, place.base + place.delta);
      place.dirty = false;
    }
    for (const tr of before && before.key !== now.key ? body.querySelectorAll("tr[data-made]") : []) {
      if (Grid.entries().some((each) => Grid.code(each).startsWith(tr.dataset.row))) continue;
      for (const [name, place] of kept) if (place.td && tr.contains(place.td)) kept.delete(name);
      tr.remove();
    }
    tell();
  }

  // Last year's amounts by code: of the rows that are here, and of others that may be typed.
  const was = new Map(Object.entries(sums.was || {}));
  for (const td of body.querySelectorAll("tr[data-row] > [data-was]")) was.set(td.parentElement.dataset.row, td.dataset.was);

  // Last year's amount and the change on it beside a row.
  function change(tr) {
    const td = tr.querySelector("td[data-was]");
    if (!td || !sums.beside) return;
    const then = sums.code && (was.get("entry" in tr.dataset ? Grid.code(Grid.row(tr)) : tr.dataset.row) || "");
    if (sums.code && then !== td.dataset.was) td.previousElementSibling.textContent = td.dataset.was = then;
    const now = cell(tr, sums.beside);
    const input = sums.columns[sums.beside].length === 1 && tr.querySelector(`input[data-column="${sums.columns[sums.beside][0]}"]`);
    const cents = parse(now ? now.textContent : input ? input.value : "", sums.unit).cents - parse(td.dataset.was, sums.unit).cents;
    const blank = !td.dataset.was && !cents;
    td.textContent = blank ? "" : `${cents > 0n ? "+" : ""}${cents ? print(cents) : "持平"}`;
    td.classList.toggle("negative", cents < 0n);
  }

  function tell() {
    if (!strip) return;
    strip.replaceChildren(...ties.map((tie) => {
      const gap = tie.left - tie.right;
      return Grid.make("li", { className: gap ? "bad" : "good" }, gap ? `✗ ${tie.label}：${print(tie.left)} 与 ${print(tie.right)}，差 ${print(gap)}` : `✓ ${tie.label} ${print(tie.left)}`);
    }));
  }

  // What the page was made with is what its derived cells hold already.
  for (const r of Grid.entries(true)) {
    const now = read(r);
    held.set(r, now);
    for (const rowKey of now.above) for (const [column] of columns) at(rowKey, column);
  }
  tell();
  for (const tr of body.rows) change(tr);
  table.addEventListener("input", (event) => { const tr = event.target.closest("tr[data-entry]"); if (tr) update(Grid.row(tr)); });
  table.addEventListener("rowchange", (event) => update(event.detail));
})();
