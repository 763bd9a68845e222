// The parts of a page that say what is still to do follow what was saved by itself.
"use strict";
(() => {
  let turn = 0;
  for (const form of document.querySelectorAll("form[data-shelf]")) form.addEventListener("saved", async () => {
    const parts = [...document.querySelectorAll("[data-fresh]")], mine = ++turn;
    if (!parts.length) return;
    const answer = await fetch(location.pathname).catch(() => null); // they come with the next saving
    if (!answer || !answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of mine === turn ? parts : []) {
      const now = page.getElementById(old.id);
      if (!now || old.contains(document.activeElement)) continue;
      if ("open" in old) now.open = old.open;
      old.replaceWith(now);
    }
  });
})();
