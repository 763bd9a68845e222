// The parts of a page that say what is still to do follow what was saved by itself.
"use strict";
(() => {
  let turn = 0;
  for (const form of document.querySelectorAll("form[data-shelf]")) form.addEventListener("saved", renew);
  async function renew() {
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
  }

  // Where the next page is one that is typed here, it is there once that is saved; what cannot be saved holds nobody up.
  const PATIENCE = 5000;
  document.addEventListener("click", async (event) => {
    if (!Grid.on || event.ctrlKey || event.metaKey || event.shiftKey || !event.target.closest("#turns a[rel=next]")) return;
    event.preventDefault();
    document.activeElement.blur(); // a part that has the focus is not renewed
    const late = new Promise((done) => setTimeout(done, PATIENCE));
    if (Grid.changes().length) await Promise.race([late, new Promise((done) => { Grid.form.addEventListener("saved", done, { once: true }); Grid.saveNow(); })]);
    await Promise.race([late, renew()]);
    location.assign(document.querySelector("#turns a[rel=next]").href);
  });
})();
