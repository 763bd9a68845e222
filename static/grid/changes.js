// What was typed since the last saving, and laying it over a table that holds something newer: cell by cell, row by row.
"use strict";
(() => {
  if (!Grid.on) return;
  const { sums, parse } = Grid;
  const saved = (input) => input.dataset.saved ?? (input.matches("select") ? [...input.options].find((o) => o.defaultSelected)?.value ?? "" : input.defaultValue);
  const alike = (input, a, b) => a === b || (input.matches(".amount") && !parse(a, sums.unit).wrong && !parse(b, sums.unit).wrong && parse(a, sums.unit).cents === parse(b, sums.unit).cents && /\d/.test(a) === /\d/.test(b));
  const keyOf = (r) => sums.given ? r.tr.dataset.row : sums.code ? (r.at === null ? Grid.code(r) : saved(r.inputs[sums.code])) : "";

  // Each row that differs from what is saved: {at, key, gone, cells: {field: [saved, now]}, whole: {field: saved}}.
  function changes() {
    return Grid.entries(true).map((r) => {
      const cells = {}, whole = {};
      for (const [field, input] of Object.entries(r.inputs)) {
        whole[field] = r.at === null ? "" : saved(input);
        if (!alike(input, input.value, whole[field])) cells[field] = [whole[field], input.value];
      }
      return { at: r.at, key: keyOf(r), gone: r.tr.hidden, cells, whole };
    }).filter((each) => (each.gone && each.at !== null) || (!each.gone && Object.keys(each.cells).length));
  }

  // True when saved rows stand in another order than they are saved in.
  const moved = () => !sums.code && !sums.given && Grid.entries().filter((r) => r.at !== null).some((r, n, all) => n && r.at < all[n - 1].at);

  // The table becomes what the server says is saved. Rows that are not there any more go, others come at the end.
  function reset(rows) {
    const there = Grid.entries(true);
    const found = rows.map((each, n) => sums.given || sums.code ? there.find((r) => r.at !== null && keyOf(r) === each.key) : there.find((r) => r.at === n));
    for (const r of there) if (!found.includes(r) && !sums.given) { r.tr.hidden = true; Grid.changed(r); r.tr.remove(); }
    rows.forEach((each, n) => {
      const r = found[n] || Grid.add();
      r.at = n;
      r.tr.hidden = false;
      keep(r, each.cells);
      for (const [field, value] of Object.entries(each.cells)) if (r.inputs[field]) Grid.put(r.inputs[field], value);
      Grid.changed(r);
    });
    Grid.grow();
    Grid.number();
  }
  const keep = (r, cells) => { for (const [field, value] of Object.entries(cells)) if (r.inputs[field]) r.inputs[field].dataset.saved = value; };

  // Lays changes over the table as it is: [cells where somebody else saved something else].
  function replay(list) {
    const clashes = [], taken = new Set();
    for (const each of list) {
      const rows = Grid.entries().filter((r) => !taken.has(r));
      const same = (r) => Object.entries(each.whole).every(([field, value]) => r.inputs[field] && alike(r.inputs[field], saved(r.inputs[field]), value));
      let r = each.key && rows.find((one) => (sums.given || sums.code) && keyOf(one) === each.key && (one.at !== null || Grid.said(one)));
      if (!r && !each.key && each.at !== null) r = rows.find((one) => one.at === each.at && same(one)) || rows.find((one) => one.at !== null && same(one));
      if (each.gone) {
        if (r && same(r)) Grid.remove(r); else if (r) clashes.push({ r, words: "您删去了这一行，别人又改了它" });
        continue;
      }
      if (!r) {
        // A new row, or one that somebody else removed: what was typed is kept either way.
        r = rows.find((one) => one.at === null && !Grid.said(one)) || Grid.add();
        const lost = each.at !== null;
        for (const [field, [old, now]] of Object.entries(each.cells)) if (r.inputs[field]) Grid.put(r.inputs[field], now ?? old);
        if (lost) {
          for (const [field, value] of Object.entries(each.whole)) if (r.inputs[field] && !(field in each.cells)) Grid.put(r.inputs[field], value);
          clashes.push({ r, words: "别人删去了这一行" });
        }
        taken.add(r);
        continue;
      }
      taken.add(r);
      for (const [field, [old, now]] of Object.entries(each.cells)) {
        const input = r.inputs[field];
        if (!input) continue;
        const theirs = saved(input);
        if (!alike(input, theirs, old) && !alike(input, theirs, now)) clashes.push({ r, input, theirs });
        Grid.put(input, now);
      }
    }
    Grid.grow();
    return clashes;
  }
  // True when the table already says what a change of an earlier page said.
  function arrived(each) {
    const rows = Grid.entries();
    if (each.gone) return !rows.some((r) => each.key ? keyOf(r) === each.key : r.at === each.at && Object.entries(each.whole).every(([field, value]) => alike(r.inputs[field], saved(r.inputs[field]), value)));
    const now = Object.entries({ ...each.whole, ...Object.fromEntries(Object.entries(each.cells).map(([field, [, value]]) => [field, value])) });
    return rows.some((r) => now.every(([field, value]) => r.inputs[field] && alike(r.inputs[field], r.inputs[field].value, value)));
  }
  Object.assign(Grid, { arrived, changes, moved, reset, replay, keep });
})();
