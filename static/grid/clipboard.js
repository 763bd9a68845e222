// Blocks from Excel, WPS or a web page into the table and back. Whatever does not fit or cannot be read is said.
"use strict";
(() => {
  if (!Grid.on) return;
  const { make, table, sums } = Grid;
  const report = document.getElementById("grid-report");
  const unit = document.getElementById("grid-unit");
  const MOST = 5; // places that a report names before its fold

  // Tab separated text as spreadsheets write it: a cell with a line break or a quote stands in quotes.
  function tsv(text) {
    const lines = [[]];
    let i = 0;
    const cut = /[\t\n]|\r\n?/g;
    while (i <= text.length) {
      let cell = "";
      if (text[i] === '"' && /^"(?:[^"]|"")*"(?:[\t\r\n]|$)/.test(text.slice(i))) {
        const quoted = /^"((?:[^"]|"")*)"/.exec(text.slice(i));
        cell = quoted[1].replace(/""/g, '"').replace(/\r\n?/g, "\n");
        i += quoted[0].length;
        cut.lastIndex = i;
      } else { cut.lastIndex = i; }
      const end = cut.exec(text), stop = end ? end.index : text.length;
      if (!cell) cell = text.slice(i, stop);
      lines[lines.length - 1].push(cell);
      if (!end) break;
      i = end.index + end[0].length;
      if (end[0] !== "\t") { if (i >= text.length) break; lines.push([]); }
    }
    return lines;
  }

  // The first table of a page, cells over several columns or rows laid out: the value first, then blanks.
  function fromHtml(html) {
    const source = new DOMParser().parseFromString(html, "text/html").querySelector("table");
    const lines = [];
    [...(source ? source.rows : [])].forEach((tr, r) => {
      lines[r] = lines[r] || [];
      for (const td of tr.cells) {
        let c = 0;
        while (lines[r][c] !== undefined) c++;
        for (const br of td.querySelectorAll("br")) br.replaceWith("\n");
        for (let y = 0; y < td.rowSpan && r + y < source.rows.length; y++) {
          for (let x = 0; x < td.colSpan; x++) (lines[r + y] = lines[r + y] || [])[c + x] = x || y ? "" : td.textContent.replace(/\u00a0/g, " ").trim();
        }
      }
    });
    return lines.map((line) => Array.from(line, (cell) => cell || ""));
  }

  function pasted(data) {
    const text = data.getData("text/plain"), html = data.getData("text/html");
    if (/[\t\n\r]/.test(text.replace(/[\r\n]+$/, "")) || !/<table/i.test(html)) return text ? tsv(text) : [];
    return fromHtml(html);
  }

  // 类, 款 and 项 in columns of their own are one code.
  function joined(lines) {
    const split = lines.filter((line) => line.some(Boolean));
    const digits = (line, n, i) => new RegExp(`^(\\d{${n}})?$`).test(Grid.plain(line[i] || ""));
    // 序号 before the codes says nothing.
    const coded = (text) => sums.lengths.includes(Grid.plain(text || "").replace(/\D.*$/, "").length);
    if (split.length && split.every((line) => /^(\d{0,3}|序号|栏次)$/.test(line[0].trim()) && (coded(line[1]) || !/\d/.test(line[1] || ""))) && split.some((line) => coded(line[1]) && !coded(line[0]))) {
      return joined(lines.map((line) => line.slice(1)));
    }
    const apart = split.length && split.every((line) => line.length > 3 && digits(line, 3, 0) && digits(line, 2, 1) && digits(line, 2, 2)) && split.some((line) => line[1].trim());
    return apart ? lines.map(([a, b, c, ...rest]) => [Grid.plain(a) + Grid.plain(b) + Grid.plain(c), ...rest]) : lines;
  }

  const begin = () => ({ rows: 0, unread: 0, rounded: 0, beyond: 0, differ: 0, notes: [] });
  const unread = (told, words) => { told.unread++; told.notes.push(words); };
  const value = (input, text, told) => {
    if (input.matches("select")) {
      const found = [...input.options].find((each) => each.text.trim() === text.trim() || each.value === text.trim());
      if (!found && text.trim()) unread(told, `${input.ariaLabel}“${text}”不在可选的里面，没有粘贴`);
      return found ? found.value : input.value;
    }
    if (!input.matches(".amount")) return input.matches("textarea") ? text : text.replace(/\s*\n\s*/g, "");
    const money = sums.money.includes(Grid.fieldOf(input));
    if (money && unit && unit.value === "元" && sums.unit !== "元") {
      const read = Grid.fromYuan(text, sums.unit);
      if (read) { if (read.fine) told.rounded++; return read.text; }
    }
    if (Grid.parse(text, money ? sums.unit : "").wrong) unread(told, `${input.ariaLabel}“${text}”没读懂，原样留在格里`);
    return text.trim();
  };

  function paste(lines, start) {
    const told = begin();
    const pairs = [], compare = [];
    const shown = Grid.rowsShown();
    const first = Grid.at(start), coded = sums.code && first.querySelector("input.code");
    const longest = sums.lengths[sums.lengths.length - 1];
    const block = coded ? joined(lines) : Grid.printed ? Grid.printed(lines, start.c) : lines;
    const free = Grid.entries().filter((r) => shown.indexOf(r.tr) >= start.r && (!coded || !Grid.said(r)));
    const own = new Map(Grid.entries().filter((r) => sums.code && Grid.code(r)).map((r) => [Grid.code(r), r.tr]));
    const next = () => (free.length ? free.shift() : Grid.add()).tr; // of codes
    // A block with the shape of the printed rows lies over them one by one, derived rows among them; any other fills typed rows.
    // It may begin at the derived rows right above the focused one, which nobody can stand on.
    const lined = (from) => shown.slice(from).filter((tr) => !tr.matches("[data-entry]") || sums.given || Grid.said(Grid.row(tr)));
    let top = start.r;
    while (!sums.given && block.length > lined(top).length && top > 0 && !shown[top - 1].matches("[data-entry]")) top--;
    const printed = lined(top);
    const overlaid = !coded && (sums.given || (printed.length > 1 && printed.some((tr) => !tr.matches("[data-entry]")) && block.length === printed.length));
    const derived = (code) => Grid.body.querySelector(`tr[data-row="${code}"]:not([data-entry])`);
    const left = (n, words) => unread(told, `粘贴的第 ${n + 1} 行没有粘贴：${words}`);
    for (const [n, line] of block.entries()) {
      if (!line.some((text) => text.trim())) { if (!coded && !overlaid && n < block.length - 1 && free.length) free.shift(); continue; }
      let tr = null;
      if (coded) {
        const head = Grid.plain(line[0]).replace(/\s/g, "");
        const code = /^\[?(\d+)\]?/.exec(head)?.[1] || (Grid.codeOf && Grid.codeOf(head || line[1] || ""));
        if (line.slice(0, 2).some((text) => /^[合总]\s*计$/.test(text.trim()))) compare.push([() => derived("total"), line]);
        else if (code && !sums.lengths.includes(code.length)) left(n, `编码“${code}”不是 ${sums.lengths.join("、")} 位`);
        else if (!code) left(n, `“${line.filter(Boolean).slice(0, 2).join(" ").slice(0, 20)}”没有科目编码`);
        else if (code.length < longest && sums.lengths.includes(code.length)) compare.push([() => derived(code), line]);
        else {
          tr = own.get(code) || next();
          own.set(code, tr);
          line[0] = code;
        }
        if (!tr) continue;
      } else if (!overlaid && line.slice(0, 2).some((text) => /^([合总]\s*计|小\s*计)$/.test(text.trim()))) {
        compare.push([() => derived("total"), line]);
        continue;
      } else if (overlaid && printed[n] && !printed[n].matches("[data-entry]")) {
        const over = printed[n];
        compare.push([() => over, line]);
        continue;
      } else {
        tr = overlaid ? printed[n] : free.length && (!sums.code || Grid.said(free[0])) ? free.shift().tr : sums.code ? null : Grid.add().tr;
        if (!tr) { left(n, `“${line.filter(Boolean)[0].slice(0, 20)}”${sums.code ? "没有科目编码，请连编码一起粘贴" : "表里没有更多的行"}`); continue; }
      }
      told.rows++;
      const cells = Grid.cellsOf(tr);
      line.forEach((text, i) => {
        const td = cells[start.c + i], input = Grid.inputIn(td);
        if (!td) { if (text.trim()) told.beyond++; } else if (input) pairs.push([input, value(input, text, told)]);
      });
      compare.push([() => tr, line]);
    }
    Grid.fill(pairs);
    Grid.grow();
    for (const [find, line] of compare) differing(find(), line, start.c, told);
    say(told, Math.max(...block.map((line) => line.length)));
  }

  // Amounts that the table works out itself are not taken, but held against what it worked out.
  function differing(tr, line, from, told) {
    if (!tr) return;
    const cells = Grid.cellsOf(tr);
    line.forEach((text, i) => {
      const td = cells[from + i];
      if (!td || Grid.inputIn(td) || !td.matches(".n") || !/\d/.test(text)) return;
      const yuan = unit && unit.value === "元" && sums.unit !== "元" && Grid.fromYuan(text, sums.unit);
      const theirs = Grid.parse(yuan ? yuan.text : text, sums.unit), ours = Grid.parse(td.textContent, sums.unit);
      if (theirs.wrong || theirs.cents === ours.cents) return;
      const name = tr.querySelector("th,.name")?.textContent.trim() || tr.dataset.row.replace("total", "合计") || "";
      told.differ++;
      told.notes.push(`${name} 粘贴的是 ${Grid.print(theirs.cents)}，算出 ${Grid.print(ours.cents)}`);
    });
  }

  // What was pasted in one line; below it what was not taken as it came, place by place.
  function say(told, width) {
    const notes = told.notes, missed = told.unread + told.beyond;
    if (told.beyond) notes.unshift(`右边多出的 ${told.beyond} 格超出表的最后一栏，没有粘贴`);
    if (told.rounded) notes.unshift(`有 ${told.rounded} 格以元粘贴、比表中能印的更细，已四舍五入`);
    const list = (lines) => make("ul", {}, ...lines.map((line) => make("li", {}, line)));
    const head = [`粘贴了 ${told.rows} 行 ${width} 列`, missed && `${missed} 处没有读`, told.differ && `${told.differ} 处与自动得出的不同`];
    const rest = notes.slice(MOST);
    report.replaceChildren(make("p", {}, `${head.filter(Boolean).join("，")}。Ctrl+Z 可撤销。`));
    if (notes.length) report.append(list(notes.slice(0, MOST)));
    if (rest.length) report.append(make("details", {}, make("summary", {}, `还有 ${rest.length} 处`), list(rest)));
    report.className = `band ${notes.length ? "warn" : "good"}`;
    report.hidden = false;
  }

  table.addEventListener("paste", (event) => {
    if (!event.target.dataset.column) return;
    const lines = pasted(event.clipboardData);
    const chosen = Grid.block();
    const single = lines.length < 2 && (lines[0] || []).length < 2;
    const convert = unit && unit.value === "元" && sums.money.includes(Grid.fieldOf(event.target));
    if (!lines.length || (single && !convert && !Grid.several())) return; // one cell is the browser's own matter
    event.preventDefault();
    if (single && Grid.several()) { // one value for the whole choice
      const told = begin();
      Grid.fill(Grid.inputs().map((input) => [input, value(input, lines[0][0], told)]));
      told.rows = chosen.length;
      say(told, chosen[0].length);
      return;
    }
    const top = chosen.length ? Grid.place(chosen[0][0]) : Grid.place(event.target.closest("td"));
    paste(lines, top);
  });

  const shownText = (td) => { const input = Grid.inputIn(td); return input ? (input.matches("select") ? input.selectedOptions[0]?.text ?? "" : input.value) : td.textContent.trim(); };
  function copy(event) {
    if (!Grid.several() || !table.contains(document.activeElement)) return false;
    const lines = Grid.block().map((line) => line.map(shownText));
    const quote = (text) => /[\t\n"]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
    const made = make("table", {}, ...lines.map((line) => make("tr", {}, ...line.map((text) => make("td", {}, text)))));
    event.clipboardData.setData("text/plain", lines.map((line) => line.map(quote).join("\t")).join("\r\n"));
    event.clipboardData.setData("text/html", made.outerHTML);
    event.preventDefault();
    return true;
  }
  document.addEventListener("copy", copy);
  document.addEventListener("cut", (event) => { if (copy(event)) Grid.clear(); });
})();
