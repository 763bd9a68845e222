// The page of a chapter: put a figure in at the caret, find one by typing, show the sentence as it will print.
"use strict";
(() => {
  const form = document.getElementById("chapter");
  const area = document.getElementById("id_text");
  if (!form || !area) return;

  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
  const kind = document.getElementById("insert-form");
  const buttons = [...document.querySelectorAll("[data-insert]")];
  for (const button of buttons) {
    button.disabled = false;
    button.addEventListener("click", () => {
      const [behind, unit] = kind ? [kind.value, kind.selectedOptions[0].dataset.unit] : ["", "1"];
      area.focus();
      write(`[[${button.dataset.insert}${behind}]]${unit ? button.dataset.unit : ""}`, area.selectionStart, area.selectionEnd);
    });
  }
  // As if it were typed, so that Ctrl+Z takes it back.
  function write(words, start, end) {
    area.setSelectionRange(start, end);
    if (document.execCommand("insertText", false, words)) return;
    area.setRangeText(words, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A figure by its name, its code or the first letters of its pinyin; names that begin so come first.
  const plain = (words) => words.normalize("NFKC").replace(/\s/g, "").toLowerCase();
  const found = (asked, name, letters = "") => {
    const at = Math.min(...[plain(name).indexOf(asked), letters.indexOf(asked)].filter((place) => place >= 0));
    return at === Infinity ? -1 : at;
  };
  const filter = document.getElementById("insert-filter");
  if (filter) {
    const row = (button) => button.closest("tr");
    filter.addEventListener("input", () => {
      for (const button of buttons) row(button).hidden = found(plain(filter.value), row(button).textContent, button.dataset.letters) < 0;
    });
    // Enter takes the first that is left, and does not save the chapter.
    filter.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      const first = buttons.find((button) => !row(button).hidden);
      if (first) first.click();
    });
  }

  if (buttons.length && kind) offer();
  // Typing [[ offers the figures, and · behind a figure what may be said of it. The text keeps the focus.
  function offer() {
    const MOST = 8;
    const made = (tag, properties) => Object.assign(document.createElement(tag), properties);
    const list = made("ul", { id: "offered", hidden: true }), told = made("p", { className: "vh" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "可以引用的数字");
    told.setAttribute("role", "status");
    area.after(list, told);
    area.setAttribute("aria-autocomplete", "list");
    let begun = null, left = -1, chosen = 0, offers = []; // `left`: where a list was closed by Esc

    function hide() {
      list.hidden = true;
      told.textContent = "";
      area.removeAttribute("aria-activedescendant");
      area.removeAttribute("aria-controls");
    }
    // Where the caret is in the text, by a copy of its lines.
    function caret() {
      const copy = made("div"), mark = made("span", { textContent: "[" }), style = getComputedStyle(area);
      for (const name of ["font", "lineHeight", "letterSpacing", "padding", "border", "boxSizing", "overflowWrap"]) copy.style[name] = style[name];
      Object.assign(copy.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", width: `${area.clientWidth + parseFloat(style.borderLeftWidth) * 2}px` });
      copy.append(area.value.slice(0, begun.start), mark);
      area.after(copy);
      const at = { x: mark.offsetLeft, y: mark.offsetTop + mark.offsetHeight - area.scrollTop };
      copy.remove();
      return at;
    }
    function choices(asked) {
      const [name, behind] = asked.split("·");
      const known = behind !== undefined && buttons.find((button) => plain(button.dataset.insert) === plain(name));
      const every = known
        ? [...kind.options].filter((each) => each.value).map((each) => ({ name: `${known.dataset.insert}${each.value}`, words: each.text, unit: each.dataset.unit && known.dataset.unit, at: found(plain(behind), `${each.value}${each.text}`) }))
        : buttons.map(({ dataset, parentNode }) => ({ name: dataset.insert, words: parentNode.nextElementSibling.textContent, unit: dataset.unit, at: found(plain(asked), dataset.insert, dataset.letters) }));
      return every.filter((each) => each.at >= 0).sort((a, b) => !!a.at - !!b.at).slice(0, MOST);
    }
    function look() {
      const end = area.selectionStart, match = end === area.selectionEnd && /(?:\[\[|【【)([^[\]【】\n]{0,40})$/.exec(area.value.slice(0, end));
      if (!match || match.index !== left) left = -1;
      begun = match ? { start: match.index, end } : null;
      offers = match && left < 0 ? choices(match[1]) : [];
      if (!offers.length) return hide();
      list.replaceChildren(...offers.map((each, n) => {
        const item = made("li", { id: `offered-${n}`, textContent: each.name });
        item.setAttribute("role", "option");
        item.append(" ", made("small", { textContent: each.words }));
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(n); });
        return item;
      }));
      list.hidden = false;
      const at = caret();
      list.style.top = `${area.offsetTop + at.y + 4}px`;
      list.style.left = `${area.offsetLeft + Math.max(0, Math.min(at.x, area.clientWidth - list.offsetWidth))}px`;
      area.setAttribute("aria-controls", list.id);
      told.textContent = `${offers.length} 个可选，上下键选，回车写上`;
      point(0);
    }
    function point(n) {
      chosen = (n + offers.length) % offers.length;
      [...list.children].forEach((item, at) => item.setAttribute("aria-selected", at === chosen));
      area.setAttribute("aria-activedescendant", `offered-${chosen}`);
    }
    // What stood there up to its brackets, and the unit behind them, is not written twice.
    function take(n) {
      const { name, unit } = offers[n], rest = /^[^[\]【】\n]*(?:\]\]|】】)/.exec(area.value.slice(begun.end));
      const end = begun.end + (rest ? rest[0].length : 0);
      write(`[[${name}]]${unit && !area.value.startsWith(unit, end) ? unit : ""}`, begun.start, end);
      hide();
    }
    const acts = { ArrowDown: () => point(chosen + 1), ArrowUp: () => point(chosen - 1), Enter: () => take(chosen), Tab: () => take(chosen), Escape: () => { left = begun.start; hide(); } };
    area.addEventListener("keydown", (event) => {
      const act = !list.hidden && !event.isComposing && event.keyCode !== 229 && !event.shiftKey && !event.ctrlKey && !event.altKey && acts[event.key];
      if (act) { event.preventDefault(); act(); }
    });
    area.addEventListener("compositionend", look);
    area.addEventListener("input", (event) => { if (!event.isComposing) look(); });
    for (const away of ["compositionstart", "click", "scroll", "blur"]) area.addEventListener(away, hide); // an input method has a list of its own
  }

  let waiting = 0, asked = 0;
  const show = async () => {
    const mine = ++asked;
    const data = new FormData(form);
    try {
      const answer = await fetch(location.pathname, { method: "POST", body: data, headers: { "X-Fragment": "preview" } });
      if (!answer.ok || answer.redirected || mine !== asked) return; // signed out, or typed on meanwhile
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("preview");
      if (fresh) document.getElementById("preview").replaceWith(fresh);
    } catch { /* the network is away: the print shown stays, the button asks again */ }
  };
  // 范文 are for a chapter without words.
  const empty = document.querySelectorAll("[data-empty]");
  area.addEventListener("input", () => {
    for (const each of empty) each.hidden = area.value.trim() !== "";
    clearTimeout(waiting);
    waiting = setTimeout(show, 500);
  });
})();
