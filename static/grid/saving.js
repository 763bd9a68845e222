// Saving by itself: to the server every few seconds, and in this browser until the server has it.
"use strict";
(() => {
  const { make } = Grid;
  // A page of words has a form and no table.
  const none = { entries: () => [], changes: () => [], moved() {}, replay: () => [], arrived: () => true, number() {}, grow() {}, reset() {} };
  const G = Grid.on ? Grid : none;
  const { table } = G;
  const form = document.querySelector("form[data-shelf]");
  const state = document.getElementById("save-state"), alarm = document.getElementById("save-alarm");
  if (!form || !state) return;
  const shelf = form.dataset.shelf; // the key of this person's copy of this page
  const QUIET = 1500, LONGEST = 5000, AGAIN = 5000;
  let timer = 0, since = 0, busy = false, again = false, held = false, trouble = false, going = false, still = 0, wait = AGAIN;

  const say = (words, kind = "") => { state.textContent = words; state.className = kind; };
  const HERE = { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false };
  const clock = () => new Date().toLocaleTimeString("zh-CN", HERE);

  // ---- the copy in this browser
  function store() {
    if (still) return;
    const list = G.changes(), words = outside();
    try {
      if (list.length || Object.keys(words).length) localStorage.setItem(shelf, JSON.stringify({ at: Date.now(), version: form.elements.version.value, list, words }));
      else localStorage.removeItem(shelf);
    } catch { say("这台浏览器不能留副本，请等显示“已保存”再离开", "bad"); }
  }
  // The fields above the table, where a page has some.
  const others = () => [...form.elements].filter((e) => e.name && !table?.contains(e) && !["hidden", "submit", "button"].includes(e.type) && !e.name.startsWith("rows-"));
  const value = (e) => e.type === "checkbox" ? (e.checked ? "on" : "") : e.value;
  const base = (e) => e.dataset.saved ?? (e.type === "checkbox" ? (e.defaultChecked ? "on" : "") : e.defaultValue);
  const put = (e, now) => {
    if (e.type === "checkbox") e.checked = !!now; else e.value = now;
    e.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const outside = () => Object.fromEntries(others().filter((e) => value(e) !== base(e)).map((e) => [e.name, value(e)]));

  // What an earlier page could not save, less what has arrived since. It is kept apart: typing on saves as ever.
  const kept = `${shelf}#kept`;
  const load = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { localStorage.removeItem(key); return null; } };
  function offer() {
    const copies = [load(kept), load(shelf)].filter(Boolean);
    const list = copies.flatMap((copy) => copy.list).filter((each) => !G.arrived(each));
    const words = Object.assign({}, ...copies.map((copy) => copy.words));
    for (const e of others()) if (e.name in words && words[e.name] === value(e)) delete words[e.name];
    localStorage.removeItem(shelf);
    localStorage.removeItem(kept);
    if (!list.length && !Object.keys(words).length) return;
    const latest = Math.max(...copies.map((copy) => copy.at));
    localStorage.setItem(kept, JSON.stringify({ at: latest, list, words }));
    const at = new Date(latest).toLocaleString("zh-CN", { ...HERE, month: "numeric", day: "numeric" });
    warn(`这台电脑上有 ${at} 填了、还没有保存到系统的内容。`, [["放回来", () => {
      localStorage.removeItem(kept);
      clash(G.replay(list));
      for (const e of others()) if (e.name in words) put(e, words[e.name]);
      store();
      soon(0);
    }], ["不要了", () => localStorage.removeItem(kept)]]);
  }

  function warn(words, choices = []) {
    alarm.replaceChildren(words);
    for (const [label, act] of choices) {
      const button = make("button", { type: "button", className: "button quiet" }, label);
      button.addEventListener("click", () => { alarm.hidden = true; act(); });
      alarm.append(" ", button);
    }
    alarm.hidden = false;
  }

  // ---- saving
  const unsaved = () => G.changes().length > 0 || G.moved() || Object.keys(outside()).length > 0;
  function soon(delay = QUIET) {
    if (!since) since = Date.now();
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(delay, since + LONGEST - Date.now())));
  }
  const gone = () => { throw gone; }; // the network; any other failure is a mistake of this page
  async function post() {
    G.number();
    const body = new URLSearchParams(new FormData(form));
    const sent = new Map(G.entries(true).map((r) => [r, Object.fromEntries(Object.entries(r.inputs).map(([f, i]) => [f, i.value]))]));
    const words = Object.fromEntries(others().map((e) => [e.name, value(e)]));
    const answer = await fetch(form.getAttribute("action") || location.pathname, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: String(body).length < 60000 }).catch(gone);
    return { answer, sent, words };
  }
  async function save() {
    if (held) return;
    if (!unsaved()) {
      since = 0;
      localStorage.removeItem(shelf);
      complain([]);
      if (state.textContent) say(`已保存 ${clock()}`, "good");
      return;
    }
    if (busy) { again = true; return; }
    busy = true;
    since = 0;
    say("正在保存…");
    try {
      let { answer, sent, words } = await post();
      if (answer.status === 403 && !going) {
        const fresh = await refresh();
        if (fresh === null) return expired();
        if (fresh) ({ answer, sent, words } = await post());
      }
      await heard(answer, sent, words);
      wait = AGAIN;
    } catch (failure) {
      if (failure !== gone) {
        // The page may be half made anew: nothing is typed into it or sent from it any more.
        held = true;
        for (const e of form.elements) e.disabled = true;
        say("没有保存", "bad");
        warn("这一页出了错，填的都留在这台电脑上，重新打开后可以放回来。");
        throw failure;
      }
      trouble = true;
      store();
      later(`网络不通，${clock()} 起填的都留在这台电脑上，通了自动保存`);
    } finally {
      busy = false;
      if (again) { again = false; soon(0); }
    }
  }
  // The page's token may be one of an earlier login: the page itself has the new one.
  async function refresh() {
    const page = await fetch(location.pathname).catch(gone);
    if (page.redirected && page.url.includes("/login/")) return null; // nobody is signed in
    if (!page.ok) return false;
    const token = new DOMParser().parseFromString(await page.text().catch(gone), "text/html").querySelector("form[data-shelf]")?.elements.csrfmiddlewaretoken;
    if (token) form.elements.csrfmiddlewaretoken.value = token.value;
    return !!token;
  }
  async function heard(answer, sent, words) {
    const told = (answer.headers.get("Content-Type") || "").includes("application/json") && await answer.json().catch(gone);
    if (told && answer.status === 409) return conflict(told);
    if (told && (answer.ok || answer.status === 422)) return saved(told, sent, words);
    store();
    trouble = true;
    if (answer.redirected || answer.status === 401) expired();
    else if (answer.status === 403) {
      say("没有保存", "bad");
      warn("没有保存：内容已提交，年度已由财政局锁定，或您不能再改它。填的都留在这台电脑上。");
    } else {
      later("服务器暂时不能保存，填的都留在这台电脑上，稍后自动再试");
    }
  }
  function later(words) {
    say(words, "bad");
    timer = setTimeout(save, wait);
    wait = Math.min(wait * 2, 60000);
  }
  function expired() {
    trouble = true;
    store();
    say("登录已过期，填的都留在这台电脑上", "bad");
    warn("登录已过期。填的内容都留在这台电脑上，重新登录后可以放回来。");
    alarm.append(" ", make("a", { href: `/admin/login/?next=${encodeURIComponent(location.pathname)}` }, "重新登录"));
  }
  function saved(told, sent, words) {
    trouble = told.errors.length > 0;
    form.elements.version.value = told.version;
    const wrong = new Set(told.errors.map(([name]) => name.replace(/^(rows-\d+)-.*$/, "$1")));
    for (const [r, cells] of sent) {
      const place = told.places[r.n];
      if (wrong.has(`rows-${r.n}`)) { if (place !== undefined) r.at = place; continue; }
      r.at = place ?? null; // a removed row stays out of sight: it can be brought back
      if (place === undefined) continue;
      G.keep(r, cells);
      for (const [field, input] of Object.entries(r.inputs)) {
        const shown = told.cells[`rows-${r.n}-${field}`];
        if (shown === undefined) continue;
        input.dataset.saved = shown;
        if (input.value === cells[field] && input !== document.activeElement) Grid.put(input, shown);
      }
    }
    for (const e of others()) if (!told.errors.some(([name]) => name === e.name)) e.dataset.saved = words[e.name];
    complain(told.errors);
    G.number();
    const strange = form.querySelectorAll("tr[data-entry]:not([hidden]) .unknown").length;
    const unread = told.errors.filter(([name]) => name).length; // a word without a place stands above the page
    if (unread) say(`已保存 ${told.at}，有 ${unread} 处${table ? "没读懂，所在的行" : ""}没有存，见红字`, "bad");
    else if (strange) say(`已保存 ${told.at}，有 ${strange} 个编码不在今年的科目里`, "bad");
    else say(`已保存 ${told.at}`, "good");
    store();
    form.dispatchEvent(new CustomEvent("saved"));
    if (unsaved() && !told.errors.length) soon();
  }
  // The server's words stand under the cell, as on a page that was sent by hand.
  function complain(errors) {
    for (const list of form.querySelectorAll(".errorlist")) list.remove();
    for (const input of form.querySelectorAll("[aria-invalid]")) { input.removeAttribute("aria-invalid"); input.removeAttribute("aria-describedby"); }
    errors.forEach(([name, words], n) => {
      const input = form.elements[name] || form.querySelector(`[name^="${CSS.escape(name)}-"]:not([type=hidden])`);
      if (!input) { warn(words); return; }
      const list = make("ul", { className: "errorlist", id: `grid-error-${n}` }, make("li", {}, words));
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", list.id);
      input.after(list);
    });
  }

  // ---- somebody else saved this table in between
  function conflict(told) {
    const mine = G.changes(), words = outside();
    const focus = document.activeElement, row = table?.contains(focus) && Grid.row(focus.closest("tr"));
    const back = row && [Grid.key(row), Grid.fieldOf(focus)];
    still++; // the copy in this browser stays as it is until the table is whole again
    G.reset(told.rows);
    form.elements.version.value = told.version;
    const clashes = [...G.replay(mine), ...joined(told.fields || {}, words)];
    still--;
    if (back) G.entries().find((r) => Grid.key(r) === back[0])?.inputs[back[1]]?.focus();
    const who = told.who.join("、") || "别人";
    if (clashes.length) clash(clashes, who);
    else { say(`${who}也保存了这一页，两边填的已合在一起`, "good"); soon(0); }
  }
  // Fields above a table, or of a page of words: one that only somebody else changed becomes theirs.
  function joined(fields, mine) {
    const clashes = [];
    for (const e of others()) {
      if (!(e.name in fields)) continue;
      const theirs = fields[e.name];
      if (!(e.name in mine)) put(e, theirs);
      else if (theirs !== base(e) && theirs !== value(e)) clashes.push({ input: e, theirs });
      e.dataset.saved = theirs;
    }
    return clashes;
  }
  function clash(clashes, who = "别人") {
    if (!clashes.length) return;
    held = true;
    store();
    for (const { r, input, theirs, words } of clashes) {
      const note = make("span", { className: "theirs" }, words || `现为 ${(theirs || "空").slice(0, 200)}`);
      if (input) {
        const use = make("button", { type: "button" }, "用现在的");
        use.addEventListener("click", () => { if (r) Grid.fill([[input, theirs]]); else put(input, theirs); note.remove(); });
        note.append(" ", use);
        input.after(note);
      } else r.tr.cells[0].append(note);
    }
    say(`有 ${clashes.length} 处与${who}刚保存的不同，还没有保存`, "bad");
    warn(`${who}刚保存了这一页，有 ${clashes.length} 处与您填的不同：格子里是您填的，旁边是现在保存的。`, [["按格子里的保存", () => {
      held = false;
      for (const note of form.querySelectorAll(".theirs")) note.remove();
      soon(0);
    }]]);
  }

  const touched = () => { store(); if (!held) { say("还没有保存…"); soon(); } };
  form.addEventListener("input", ({ target }) => { if (!target.closest(".tools")) touched(); });
  if (table) table.addEventListener("rowchange", touched);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && !held) save(); });
  addEventListener("online", () => { if (!held) save(); });
  document.getElementById("logout-form")?.addEventListener("submit", () => still++);
  addEventListener("beforeunload", (event) => {
    if (!unsaved()) return;
    store();
    if (held || trouble) event.preventDefault(); // only what saving by itself cannot do is asked about
    else {
      going = true;
      setTimeout(() => { going = false; }, 3000); // the person stayed
      save();
    }
  });
  form.addEventListener("submit", () => { G.number(); localStorage.removeItem(shelf); for (const e of form.elements) if (e.name) e.dataset.saved = value(e); });
  Object.assign(Grid, { saveNow: save });

  // A page that came back refused shows what was typed: none of it is saved.
  if ("typed" in form.dataset) for (const e of form.elements) if (e.dataset && !["hidden", "submit"].includes(e.type)) e.dataset.saved = "\0";
  document.querySelector(".tools").hidden = false;
  for (const r of G.entries()) Grid.equip(r);
  G.grow();
  offer();
  // A browser may have put its own copy of a field back: that is typed, and not saved.
  if (!("typed" in form.dataset) && unsaved()) touched();
})();
