// The search of a folder on a disk. It reads one shard after another, each a script, because a page there may open no file.
"use strict";
(() => {
  const MOST_WORDS = 6, MOST_DISCLOSURES = 20, MOST_PASSAGES = 3, AROUND = 46;
  const typed = (new URLSearchParams(location.search).get("q") || "").trim().slice(0, 100);
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  const found = document.getElementById("found"), said = document.getElementById("said");
  let waiting = [], shown = 0;
  document.getElementById("q").value = typed;

  const element = (name, words, more) => Object.assign(document.createElement(name), { textContent: words }, more);
  const holds = (text) => words.every((word) => text.toLowerCase().includes(word));

  // The text around its first hit, hits marked.
  function marked(into, text) {
    const low = text.toLowerCase();
    const first = Math.max(0, Math.min(...words.map((w) => low.indexOf(w)).filter((at) => at >= 0)));
    const start = Math.max(0, Number.isFinite(first) ? first - AROUND : 0);
    let rest = (start ? "…" : "") + text.slice(start, start + 3 * AROUND) + (text.length > start + 3 * AROUND ? "…" : "");
    while (rest) {
      const hits = words.map((w) => [rest.toLowerCase().indexOf(w), w.length]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0]);
      if (!hits.length) break;
      const [at, length] = hits[0];
      into.append(rest.slice(0, at), element("mark", rest.slice(at, at + length)));
      rest = rest.slice(at + length);
    }
    into.append(rest);
    return into;
  }

  window.listed = ({ departments, shards }) => {
    const named = departments.filter(([name, code]) => holds(name) || words.join() === code).slice(0, 12);
    if (named.length) {
      const list = element("ul", "", { className: "departments" });
      for (const [name, , href] of named) {
        const item = element("li", "");
        item.append(marked(element("a", "", { href }), name));
        list.append(item);
      }
      found.append(element("h2", "部门"), list);
      shown += 1;
    }
    found.append(element("h2", "公开内容"));
    waiting = shards;
    next();
  };

  window.shard = ({ title, href, day, passages }) => {
    const whole = `${title} ${passages.map((one) => one.slice(1).join(" ")).join(" ")}`;
    if (holds(whole)) {
      const telling = words.filter((word) => !title.toLowerCase().includes(word));
      const wanted = telling.length ? telling : words;
      const held = passages
        .map((one, at) => [wanted.filter((word) => `${one[1]} ${one[2]}`.toLowerCase().includes(word)).length, at, one])
        .filter(([score, , [anchor]]) => score && anchor)
        .sort((a, b) => b[0] - a[0] || a[1] - b[1])
        .slice(0, MOST_PASSAGES);
      const entry = element("article", "", { className: "card entry hit" });
      const head = element("h3", "");
      head.append(element("a", title, { href }), " ", element("small", `${day} 公开`));
      entry.append(head);
      for (const [, , [anchor, heading, text]] of held) {
        const line = element("p", "");
        line.append(element("a", heading, { href: `${href}#${anchor}` }), " ");
        entry.append(marked(line, text));
      }
      found.append(entry);
      shown += 1;
    }
    next();
  };

  function next() {
    const file = shown <= MOST_DISCLOSURES ? waiting.shift() : undefined;
    if (file) {
      document.head.append(element("script", "", { src: file, onerror: next }));
    } else {
      said.textContent = shown ? (waiting.length ? "只列出前面的，加一个词可以缩小范围。" : "") : `没有找到“${typed}”。`;
      if (found.lastChild && found.lastChild.tagName === "H2") found.lastChild.remove();
    }
  }

  if (words.length) {
    said.textContent = "正在查找……";
    document.head.append(element("script", "", { src: "search/list.js" }));
  }
})();
