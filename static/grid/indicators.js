// The table of a goal as a document prints it: one 指标值, one name over the rows that share it, its own head. Taken into the grid's columns.
"use strict";
(() => {
  if (!Grid.on) return;
  const words = [...document.querySelectorAll("#words-comparator option")].map((each) => each.value).filter(Boolean);
  const whole = new RegExp(`^(${words.join("|")}|)(\\d+(?:\\.\\d+)?(?:[-~～—至]\\d+(?:\\.\\d+)?)?)(\\D*)$`);
  // Comparator, value and unit, word for word; what does not come apart is all value.
  const target = (text) => (whole.exec(text.trim()) || ["", "", text.trim(), ""]).slice(1);

  function printed(lines, from) {
    const at = Object.keys(Grid.entries()[0].inputs).indexOf("comparator") - from;
    const rows = lines.filter((line) => !/^[一二三]级指标$/.test(line[0].trim()));
    if (!from) {
      rows.forEach((line, n) => { // cells laid together over rows: the first of them holds the words
        for (let c = 0; c < 2 && n && line.some((text) => text.trim()) && !line[c].trim(); c++) line[c] = rows[n - 1][c] ?? "";
      });
    }
    // A comparator of its own has no digit.
    if (!(at in (rows[0] || [])) || !rows.some((line) => /\d/.test(line[at]))) return rows;
    return rows.map((line) => [...line.slice(0, at), ...target(line[at] ?? ""), ...line.slice(at + 1)]);
  }
  Object.assign(Grid, { printed });
})();
