// Entry pages: go to the cell a link names, warn before typed work is left behind.
"use strict";
(() => {
  // What a row that a link points out is entered at: the cell that is marked, else its first amount, else its first field.
  const fields = ["input:not(.order):not([type=checkbox]):not([type=hidden])", "textarea", "select"];
  const within = (target, place) => target.querySelector(fields.map((each) => `${place} ${each}`).join(","));
  const entry = (target) => target.matches(fields.join(",")) ? target
    : within(target, "td.marked") || within(target, "td.n") || within(target, "td");
  const focusTarget = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (!target) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true; // not every browser unfolds by itself
    const area = target.dataset.select && document.getElementById(target.dataset.select);
    const input = entry(target);
    if (area && area.setSelectionRange) {
      choose(area, Number(target.dataset.start), Number(target.dataset.end));
    } else if (input) {
      input.focus();
      if (input.select) input.select();
      input.scrollIntoView({ block: "center", inline: "nearest" });
    } else {
      target.tabIndex = -1;
      target.focus();
      target.scrollIntoView({ block: "center" });
    }
  };

  // Select a sentence in a long field and bring it before the eyes: browsers scroll to what is typed, not to what is selected.
  function choose(area, start, end) {
    area.focus({ preventScroll: true });
    area.setSelectionRange(start, end);
    const down = area.scrollHeight * start / Math.max(area.value.length, 1);
    area.scrollTop = down - area.clientHeight / 3;
    scrollBy(0, area.getBoundingClientRect().top + down - area.scrollTop - innerHeight / 2);
  }

  const note = document.querySelector("[data-focus]");
  const point = () => { if (note) note.focus(); else focusTarget(); };
  point();
  // A browser that has loaded the page takes the focus from what its address does not name itself.
  addEventListener("load", () => setTimeout(() => {
    if (document.activeElement === document.body || document.activeElement.id === location.hash.slice(1)) point();
  }));
  addEventListener("hashchange", focusTarget);

  for (const form of document.querySelectorAll("form[data-guard]")) {
    let typed = false, asked = Date.now();
    form.addEventListener("input", () => {
      typed = true;
      // Typing is use: the session must not end while somebody works on one page.
      if (Date.now() - asked > 300000) { asked = Date.now(); fetch(location.href, { method: "HEAD" }).catch(() => {}); }
    });
    form.addEventListener("submit", () => { typed = false; });
    addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
  }

  // Alt+PageDown and Alt+PageUp turn to the next and the last table or chapter.
  addEventListener("keydown", (event) => {
    const rel = event.altKey && { PageDown: "next", PageUp: "prev" }[event.key];
    const link = rel && document.querySelector(`a[rel=${rel}]`);
    if (link) { event.preventDefault(); link.click(); }
  });

  const waiting = document.querySelector("[data-poll]");
  if (waiting) {
    const ask = () => fetch(waiting.dataset.poll).then((r) => {
      // Signed out, or the job is gone: the page itself says which.
      if (!r.ok || r.redirected) { location.reload(); return; }
      return r.json().then((answer) => {
        if (answer.state !== "waiting") { location.reload(); return; }
        const progress = waiting.querySelector("[data-progress]");
        if (progress) progress.textContent = answer.message;
        setTimeout(ask, 700);
      });
    }).catch(() => setTimeout(ask, 5000)); // the server does not answer just now
    setTimeout(ask, 500);
  }

  // What a browser kept of unsaved tables belongs to whoever is signed in.
  const out = document.getElementById("logout-form");
  if (out) out.addEventListener("submit", () => { for (const key of Object.keys(localStorage)) if (key.startsWith("mz:")) localStorage.removeItem(key); });

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
