// The page of a chapter: put a figure in at the caret, find one by typing, show the sentence as it will print.
"use strict";
(() => {
  const form = document.getElementById("chapter");
  const area = document.getElementById("id_text");
  if (!form || !area) return;

  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
  const kind = document.getElementById("insert-form");
  for (const button of document.querySelectorAll("[data-insert]")) {
    button.disabled = false;
    button.addEventListener("click", () => {
      const [behind, unit] = kind ? [kind.value, kind.selectedOptions[0].dataset.unit] : ["", "1"];
      area.focus();
      area.setRangeText(`[[${button.dataset.insert}${behind}]]${unit ? button.dataset.unit : ""}`, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  const filter = document.getElementById("insert-filter");
  if (filter) {
    const rows = [...document.querySelectorAll("[data-insert]")].map((button) => button.closest("tr"));
    filter.addEventListener("input", () => {
      const asked = filter.value.normalize("NFKC").replace(/\s/g, "");
      for (const row of rows) row.hidden = !row.textContent.normalize("NFKC").replace(/\s/g, "").includes(asked);
    });
    // Enter takes the first that is left, and does not save the chapter.
    filter.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      const first = rows.find((row) => !row.hidden);
      if (first) first.querySelector("[data-insert]").click();
    });
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
