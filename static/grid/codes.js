// Codes by number, name or the first letters of the name's pinyin; the name stands beside the code as it is typed.
"use strict";
(() => {
  if (!Grid.on || !Grid.sums.code || !Grid.form.dataset.subjects) return;
  let codes = {}, byName = new Map();
  const { make } = Grid;
  const span = (className, text) => make("span", { className }, text);
  const list = make("datalist", { id: "subject-codes" });

  function name(r) {
    const cell = r.tr.querySelector("[data-name]"), code = Grid.code(r), found = codes[code];
    if (!cell) return;
    if (found) cell.replaceChildren(found[0], ...(found[1] ? [" ", span("check", "建议核对")] : []));
    else {
      const alike = (byName.get(code.toLowerCase()) || []).length;
      cell.replaceChildren(...(code.length > 2 ? [span("unknown", alike ? `有 ${alike} 个，请选编码` : "没有这个科目")] : []));
    }
  }
  // What a person typed for a code: the code, the name, or its letters when only one code has them.
  function codeOf(words) {
    const said = words.normalize("NFKC").replace(/\s/g, "").toLowerCase();
    const found = said && !/^\d/.test(said) ? byName.get(said) || [] : [];
    return found.length === 1 ? found[0] : "";
  }
  function use(answer) {
    codes = answer;
    const longest = Grid.sums.lengths[Grid.sums.lengths.length - 1];
    for (const [code, [words, check, letters]] of Object.entries(codes)) {
      if (code.length !== longest) continue;
      list.append(make("option", { value: code, label: `${words} ${letters}${check ? "（建议核对）" : ""}` }));
      for (const each of [words, letters]) byName.set(each, [...(byName.get(each) || []), code]);
    }
    Grid.form.append(list);
    for (const input of Grid.table.querySelectorAll("input.code")) input.setAttribute("list", list.id);
  }
  Grid.table.addEventListener("focusin", ({ target }) => { if (target.matches("input.code")) target.setAttribute("list", list.id); });
  Grid.table.addEventListener("input", ({ target }) => { if (target.matches("input.code")) name(Grid.row(target.closest("tr"))); });
  Grid.table.addEventListener("change", ({ target }) => {
    const code = target.matches("input.code") && codeOf(target.value);
    if (code) Grid.put(target, code);
  });
  fetch(Grid.form.dataset.subjects).then((r) => r.json()).then(use).catch(() => {}); // without the list codes are typed in full
  Object.assign(Grid, { codeOf, nameOf: (code) => codes[code] ? codes[code][0] : "" });
})();
