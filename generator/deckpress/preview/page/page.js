"use strict";
/* The preview's page: the list, the card in its frame, the tabs; told by the server what changed. */
(() => {
  const $ = id => document.getElementById(id);
  const ROW = 50, GROUP = 34, TABS = ["cards", "sheet", "pages", "problems"];
  const frame = $("card");

  const state = {
    files: new Map(), order: [], categories: new Map(), marks: {}, total: [0, 0],
    rows: [], shown: [], tops: [], found: null, key: "", side: "front", card: null,
    tab: "cards", night: false, phone: false, source: false, fresh: new Set(), version: 0,
  };
  let frameReady = false;

  const kept = (() => { try { return JSON.parse(localStorage["deckpress-preview"] || "{}"); } catch { return {}; } })();
  const keep = changes => {
    Object.assign(kept, changes);
    try { localStorage["deckpress-preview"] = JSON.stringify(kept); } catch { /* private windows keep nothing */ }
  };

  const ask = async path => {
    const answer = await fetch(path, { cache: "no-store" });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  const make = (tag, attributes = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name in made && name !== "role") made[name] = value; else made.setAttribute(name, value);
    }
    made.append(...inside);
    return made;
  };
  const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

  /* The list. */

  let changes = 0;
  async function loadList() {
    let list, before;
    /* While the list is on its way, a file may change. */
    do {
      before = changes;
      list = await ask("/api/list");
    } while (before !== changes);
    /* Another preview answers at this address by now: its cards have another frame. */
    if (list.frame !== document.body.dataset.frame) return location.reload();
    state.files = new Map(list.files);
    state.order = [...state.files.keys()];
    state.categories = new Map(list.categories);
    $("title").textContent = list.title;
    document.title = `${list.title} · preview`;
    takeCounts(list.problems);
    regroup();
  }

  function takeCounts(counts) {
    state.marks = counts.cards;
    state.total = counts.all;
    const [mistakes, advice] = counts.all, badge = $("count");
    badge.hidden = !(mistakes + advice);
    badge.textContent = mistakes || advice;
    badge.classList.toggle("grave", mistakes > 0);
    badge.title = `${count(mistakes, "mistake")}, ${count(advice, "piece")} of advice`;
  }

  function regroup() {
    state.rows = state.order.flatMap(path => state.files.get(path) || []);
    const notes = new Set(state.rows.filter(row => row.kind).map(row => row.key.replace(/\|\d+$/, "")));
    const cards = state.rows.filter(row => row.kind).length;
    $("size").textContent = `${count(notes.size, "note")} · ${count(cards, "card")}`;
    filter();
  }

  function filter() {
    const rows = state.found ? state.rows.filter(row => state.found.has(row.key)) : state.rows;
    state.shown = [];
    state.tops = [];
    let top = 0, group;
    for (const row of rows) {
      if (row.category !== group) {
        group = row.category;
        state.shown.push({ group });
        state.tops.push(top);
        top += GROUP;
      }
      state.shown.push(row);
      state.tops.push(top);
      top += ROW;
    }
    $("rows").style.height = `${top + 12}px`;
    $("found").textContent = state.found ? (rows.length ? count(rows.length, "card") : "No card contains all of these words.") : "";
    paint();
    position();
  }

  function paint() {
    const list = $("list"), from = list.scrollTop - 300, to = list.scrollTop + list.clientHeight + 300;
    let low = 0, high = state.tops.length;
    while (low < high) { const middle = (low + high) >> 1; if (state.tops[middle] < from) low = middle + 1; else high = middle; }
    const made = [];
    for (let at = Math.max(0, low - 1); at < state.shown.length && state.tops[at] < to; at++) {
      const row = state.shown[at];
      const drawn = row.group === undefined ? rowOf(row)
        : make("div", { className: "group" }, state.categories.get(row.group) || row.group || "No category");
      drawn.style.top = `${state.tops[at]}px`;
      made.push(drawn);
    }
    $("rows").replaceChildren(...made);
  }

  function rowOf(row) {
    const [mistakes, advice] = state.marks[row.key] || row.marks;
    const drawn = make("div", { className: "row", role: "option", id: `row-${row.key}`, "aria-selected": row.key === state.key });
    drawn.dataset.key = row.key;
    drawn.append(make("span", { className: "q", textContent: row.question, title: row.question }));
    const facts = [row.card, row.kind, row.difficulty, row.kind ? row.id : "no note could be read"];
    drawn.append(make("span", { className: "m", textContent: facts.filter(Boolean).join(" · ") }));
    if (mistakes + advice) {
      drawn.classList.add("marked");
      const title = mistakes ? count(mistakes, "mistake") : `${count(advice, "piece")} of advice`;
      drawn.append(make("span", { className: `mark${mistakes ? " grave" : ""}`, textContent: mistakes ? "!" : "i", title }));
    }
    if (state.fresh.has(row.key)) drawn.classList.add("fresh");
    return drawn;
  }

  const cardsShown = () => state.shown.filter(row => row.group === undefined);

  function position() {
    const rows = cardsShown(), at = rows.findIndex(row => row.key === state.key);
    $("position").textContent = rows.length ? `${at < 0 ? "–" : at + 1} of ${rows.length.toLocaleString("en")}` : "";
    $("previous").disabled = at <= 0;
    $("next").disabled = at < 0 ? !rows.length : at >= rows.length - 1;
  }

  function scrollToRow() {
    const at = state.shown.findIndex(row => row.key === state.key), list = $("list");
    if (at < 0) return;
    const top = state.tops[at];
    if (top < list.scrollTop + GROUP) list.scrollTop = Math.max(0, top - GROUP);
    else if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight + 8;
  }

  let searching = 0;
  async function search({ again = false } = {}) {
    const query = $("query").value.trim(), turn = ++searching;
    const found = query ? await ask(`/api/search?q=${encodeURIComponent(query)}`) : null;
    if (turn !== searching) return;
    state.found = found && new Set(found);
    if (!again) $("list").scrollTop = 0;
    filter();
    if (!state.found) scrollToRow();
    paint();
  }

  /* The card. */

  async function open(key, { side = "front", focus = false } = {}) {
    const moved = key !== state.key;
    state.key = key;
    if (moved) state.side = side;
    keep({ key });
    history.replaceState(null, "", `#${encodeURIComponent(key)}`);
    scrollToRow();
    paint();
    position();
    await refresh();
    if (focus) frame.focus();
  }

  async function refresh() {
    const key = state.key, turn = ++state.version;
    const card = key ? await ask(`/api/card?key=${encodeURIComponent(key)}`) : null;
    if (turn !== state.version) return;
    if (!card && state.card && key) {
      /* It is being saved, renamed or was deleted: what was read last stays until something else is chosen. */
      $("where").textContent = "\u200eno longer in the deck";
      return;
    }
    state.card = card;
    drawCard();
    fetchAhead();
  }

  const ahead = new Map();
  function fetchAhead() {
    /* The next card's formulas are drawn while this one is read. */
    const rows = cardsShown(), at = rows.findIndex(row => row.key === state.key);
    const next = rows[at + 1];
    if (next && !ahead.has(next.key)) {
      ahead.set(next.key, true);
      if (ahead.size > 200) ahead.clear();
      setTimeout(() => ask(`/api/card?key=${encodeURIComponent(next.key)}`).catch(() => {}), 250);
    }
  }

  function drawCard() {
    const card = state.card;
    $("flip").disabled = $("to-front").disabled = $("to-back").disabled = !card?.front;
    $("device").hidden = !card?.front;
    $("nothing").hidden = Boolean(card?.front);
    $("facts").replaceChildren();
    $("where").textContent = "";
    $("told").replaceChildren();
    if (!card) {
      $("nothing").replaceChildren(...nothingToShow());
      drawSource();
      return;
    }
    const facts = [card.deck, card.kind, card.difficulty, card.card, ...(card.tags || []).map(tag => `#${tag}`)];
    $("facts").append(...facts.filter(Boolean).map(fact => make("span", { className: "chip", textContent: fact })));
    $("where").textContent = `\u200e${card.path}:${card.line}`;
    $("told").append(...card.problems.map(problem => tell(problem, card)));
    if (!card.front) {
      const said = make("strong", { textContent: card.kind ? "This card cannot be drawn yet" : "No note in this file could be read" });
      $("nothing").replaceChildren(said, "It will be back as soon as you fix the mistake above and save the file.");
    }
    drawSource();
    drawSide();
  }

  function nothingToShow() {
    if (!state.rows.length) return [make("strong", { textContent: "There are no cards here yet" }), "Save a file with a card, and it appears."];
    return [make("strong", { textContent: "No card is selected" }), "Choose one on the left, or press →."];
  }

  function drawSide(flipped = false) {
    const back = state.side === "back";
    $("to-front").setAttribute("aria-pressed", !back);
    $("to-back").setAttribute("aria-pressed", back);
    $("flip").firstChild.textContent = back ? "Show front " : "Show answer ";
    const card = state.card;
    if (!card?.front || !frameReady) return;
    const { front, back: answer, css, ord, math } = card;
    frame.contentWindow.postMessage({
      type: "show", place: state.key, side: state.side, front, back: answer, css, ord, math,
      night: state.night, flipped, version: state.version,
    }, "*");
  }

  function flip(side) {
    if (!state.card?.front) return;
    state.side = side || (state.side === "front" ? "back" : "front");
    drawSide(state.side === "back");
  }

  function tell(problem, card) {
    const grave = problem.severity === "mistake";
    const box = make("div", { className: `problem ${problem.severity}` });
    box.append(make("div", { className: "what" }, make("b", { textContent: grave ? "Mistake" : "Advice" }), problem.message));
    if (problem.hint) box.append(make("div", { className: "hint", textContent: problem.hint }));
    const place = `${problem.path}:${problem.line}:${problem.column}`;
    const button = make("button", { textContent: place, title: card ? "Copy this place" : "Show the card" });
    button.addEventListener("click", () => {
      if (!card && problem.key) { chooseTab("cards"); open(problem.key); } else copy(place, button);
    });
    box.append(make("div", { className: "at" }, button, make("span", { textContent: problem.rule })));
    const line = problem.text;
    if (line.trim()) {
      const at = Math.min(problem.column - 1, line.length), start = Math.max(0, at - 60);
      const pre = make("pre", {}, line.slice(start, start + 140), "\n", " ".repeat(at - start));
      pre.append(make("span", { className: "caret", textContent: "^" }));
      box.append(pre);
    }
    return box;
  }

  async function copy(text, button) {
    const before = button.textContent;
    try { await navigator.clipboard.writeText(text); button.textContent = "\u200ecopied"; } catch { return; }
    setTimeout(() => { button.textContent = before; }, 900);
  }

  function drawSource() {
    const card = state.card;
    $("source").hidden = !state.source || !card;
    $("show-source").setAttribute("aria-pressed", state.source);
    if ($("source").hidden) return;
    const bad = new Map(card.problems.map(problem => [problem.line, problem.severity === "mistake" ? "bad" : "note"]));
    $("source").replaceChildren(...card.source.lines.map((line, at) => {
      const number = card.source.first + at;
      return make("div", { className: bad.get(number) || "" }, make("i", { textContent: number }), line || " ");
    }));
  }

  function move(step) {
    const rows = cardsShown();
    if (!rows.length) return;
    const at = rows.findIndex(row => row.key === state.key);
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
    if (next && next.key !== state.key) open(next.key);
  }

  function nextMark() {
    const rows = cardsShown(), at = rows.findIndex(row => row.key === state.key);
    const marked = row => { const [mistakes, advice] = state.marks[row.key] || row.marks; return mistakes + advice > 0; };
    const next = [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find(marked);
    if (next) { chooseTab("cards"); open(next.key); }
  }

  /* The tabs. */

  function chooseTab(tab) {
    state.tab = tab;
    for (const name of TABS) {
      $(`pane-${name}`).hidden = name !== tab;
      $(`tab-${name}`).setAttribute("aria-selected", name === tab);
      $(`tab-${name}`).tabIndex = name === tab ? 0 : -1;
    }
    drawer(false);
    if (tab === "cards") drawSide();
    if (tab === "problems") drawProblems();
    if (tab === "sheet" || tab === "pages") drawSheet(tab);
  }

  const sheets = { sheet: { made: false, stale: true, busy: false }, pages: { made: false, stale: true, busy: false } };

  const sheetFrame = () => document.querySelector("#pane-sheet iframe");

  async function drawSheet(tab) {
    const sheet = sheets[tab], pane = $(`pane-${tab}`), kind = tab === "sheet" ? "html" : "pages";
    if (!sheet.stale || sheet.busy) return;
    sheet.busy = true;
    sheet.stale = false;
    if (!sheet.made) pane.replaceChildren(make("p", { className: "making", textContent: `Making the ${tab === "sheet" ? "sheet" : "pages"} …` }));
    else pane.querySelector(".busy")?.removeAttribute("hidden");
    let made;
    try { made = await ask(`/api/sheet/${kind}`); } catch { made = { files: 0, refusal: "deckpress preview has stopped." }; }
    sheet.busy = false;
    if (sheet.stale) return drawSheet(tab);
    if (!made.files) {
      sheet.made = false;
      pane.replaceChildren(make("p", { className: "making still", textContent: made.refusal }));
      return;
    }
    const stamp = Date.now(), top = pane.querySelector(".sheets")?.scrollTop || 0;
    const left = made.left_out ? `${count(made.left_out, "note")} with mistakes left out. ` : "";
    const banner = make("div", { className: "banner" }, make("span", { textContent: `${left}${tab === "pages" ? count(made.files, "page") : "Exactly as deckpress build makes it."}` }),
      make("span", { className: "busy", textContent: "Updating …", hidden: true }));
    if (tab === "pages") {
      banner.append(make("a", { href: "/sheet/pdf/sheet.pdf", target: "_blank", textContent: "Open the PDF" }));
      const pages = make("div", { className: "sheets", tabIndex: 0 });
      for (let number = 1; number <= made.files; number++) {
        pages.append(make("img", { src: `/sheet/pages/${number}?${stamp}`, alt: `Page ${number}`, loading: "lazy" }));
      }
      pane.replaceChildren(banner, pages);
      pages.scrollTop = top;
    } else {
      /* Its name tells the sheet how to begin; what is switched later, it is told. */
      const begin = JSON.stringify({ night: state.night, place: sheet.place });
      pane.replaceChildren(banner, make("iframe", { src: `/sheet/html?${stamp}`, name: begin, title: "The HTML sheet" }));
    }
    sheet.made = true;
  }

  async function drawProblems() {
    const told = await ask("/api/problems"), all = make("div", { className: "all", tabIndex: 0 });
    all.append(...told.map(problem => tell(problem, null)));
    if (!told.length) all.append(make("p", {}, make("strong", { textContent: "No mistakes, and no advice" }), "Whatever deckpress check finds is listed here."));
    $("pane-problems").replaceChildren(all);
  }

  /* Switches. */

  function setNight(on) {
    state.night = on;
    document.documentElement.dataset.mode = on ? "night" : "day";
    $("night").setAttribute("aria-pressed", on);
    keep({ night: on });
    for (const each of [frame, sheetFrame()]) each?.contentWindow?.postMessage({ type: "night", night: on }, "*");
  }
  function setPhone(on) {
    state.phone = on;
    document.documentElement.toggleAttribute("data-phone", on);
    $("phone").setAttribute("aria-pressed", on);
    keep({ phone: on });
  }
  function setSource(on) {
    state.source = on;
    keep({ source: on });
    drawSource();
  }
  function drawer(on) {
    $("side").classList.toggle("open", on);
    $("menu").setAttribute("aria-expanded", on);
  }

  /* What the server tells. */

  function live(word, kind) {
    $("live").className = `live ${kind}`;
    $("live").lastElementChild.textContent = word;
  }

  function glow(keys) {
    state.fresh = new Set(keys);
    live("saved", "on fresh");
    setTimeout(() => { state.fresh = new Set(); live("watching", "on"); }, 1500);
  }

  async function take(message) {
    if (message.type === "problems") {
      takeCounts(message);
      paint();
      if (state.tab === "problems") drawProblems();
      /* What only all files together show, such as an id that stands twice, is told a moment later. */
      const [mistakes, advice] = state.marks[state.key] || [0, 0];
      const shown = state.card?.problems || [];
      const before = shown.filter(problem => problem.severity === "mistake").length;
      if (state.card && (mistakes !== before || advice !== shown.length - before)) refresh();
      return;
    }
    changes++;
    for (const [name, sheet] of Object.entries(sheets)) {
      sheet.stale = true;
      if (state.tab === name) drawSheet(name);
    }
    ahead.clear();
    if (message.type === "list") {
      await Promise.all([loadList(), refresh()]);
      if (state.found) await search({ again: true });
      glow([]);
      return;
    }
    const touched = message.files.some(([path]) => path === state.key.split("|")[0]);
    const again = touched ? refresh() : null;
    for (const [path, rows] of message.files) {
      state.files.set(path, rows);
      for (const row of rows) delete state.marks[row.key];
    }
    glow(message.files.flatMap(([, rows]) => rows.map(row => row.key)));
    regroup();
    await again;
    if (touched && !state.rows.some(row => row.key === state.key)) {
      /* Its id was changed, or it cannot be read any more: what stands in its file now is shown. */
      const [, rows] = message.files.find(([path]) => path === state.key.split("|")[0]);
      if (rows.length) await open(nearest(rows).key, { side: state.side });
    }
    if (state.found) await search({ again: true });
  }

  function nearest(rows) {
    const line = state.card?.line || 1;
    return rows.reduce((best, row) => Math.abs(row.line - line) < Math.abs(best.line - line) ? row : best);
  }

  let connected = false;
  /* Resolves once changes are told: what is asked for from then on misses none. */
  const listen = () => new Promise(resolve => {
    const events = new EventSource("/api/events");
    events.onopen = () => {
      live("watching", "on");
      if (connected) take({ type: "list" });
      connected = true;
      resolve();
    };
    events.onmessage = event => take(JSON.parse(event.data)).catch(error => live(String(error.message || error), "off"));
    events.onerror = () => {
      live("deckpress preview has stopped", "off");
      resolve();
    };
  });

  /* Hands. */

  function onKey(key, event) {
    if ($("keys").open) { if (key === "?" || key === "Escape") $("keys").close(); return true; }
    switch (key) {
      case " ": case "Enter": if (state.tab !== "cards") return false; flip(); return true;
      case "ArrowRight": case "ArrowDown": if (state.tab !== "cards") return false; move(1); return true;
      case "ArrowLeft": case "ArrowUp": if (state.tab !== "cards") return false; move(-1); return true;
      case "/": drawer(true); $("query").focus(); $("query").select(); return true;
      case "?": $("keys").showModal(); return true;
      case "n": setNight(!state.night); return true;
      case "p": setPhone(!state.phone); return true;
      case "s": setSource(!state.source); return true;
      case "m": nextMark(); return true;
      case "r": frame.contentWindow.postMessage({ type: "replay" }, "*"); return true;
      case "Escape": drawer(false); return false;
      case "1": case "2": case "3": case "4": chooseTab(TABS[key - 1]); return true;
    }
    return false;
  }

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === $("query")) {
      if (event.key === "Escape") {
        $("query").value = "";
        $("query").blur();
        drawer(false);
        search();
      } else if (event.key === "Enter" || event.key === "ArrowDown") {
        const rows = cardsShown();
        if (rows.length && !rows.some(row => row.key === state.key)) open(rows[0].key);
        $("query").blur();
        drawer(false);
        $("list").focus();
      } else return;
      event.preventDefault();
      return;
    }
    const pressed = event.target.closest("button, a, summary");
    if (pressed && (event.key === " " || event.key === "Enter")) return;
    if (event.target.closest("[role=tab]") && event.key.startsWith("Arrow")) {
      const at = TABS.indexOf(state.tab) + (event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0);
      chooseTab(TABS[(at + TABS.length) % TABS.length]);
      $(`tab-${state.tab}`).focus();
      event.preventDefault();
      return;
    }
    if (onKey(event.key, event)) event.preventDefault();
  });

  addEventListener("message", event => {
    if (event.source === sheetFrame()?.contentWindow && event.data.type === "scrolled") sheets.sheet.place = event.data.place;
    if (event.source !== frame.contentWindow) return;
    if (event.data.type === "ready") { frameReady = true; drawSide(); }
    if (event.data.type === "key") onKey(event.data.key);
    if (event.data.type === "shown") document.body.dataset.shown = `${event.data.place} ${event.data.side} ${event.data.version}`;
  });

  /* It may have been there, and said so, before anyone listened. */
  frame.contentWindow.postMessage({ type: "hello" }, "*");

  $("list").addEventListener("scroll", paint, { passive: true });
  new ResizeObserver(paint).observe($("list"));
  $("rows").addEventListener("click", event => {
    const row = event.target.closest(".row");
    if (row) { chooseTab("cards"); open(row.dataset.key); }
  });
  $("query").addEventListener("input", () => { search().catch(() => {}); });
  $("previous").addEventListener("click", () => move(-1));
  $("next").addEventListener("click", () => move(1));
  $("flip").addEventListener("click", () => { flip(); $("flip").blur(); });
  $("to-front").addEventListener("click", () => flip("front"));
  $("to-back").addEventListener("click", () => flip("back"));
  $("night").addEventListener("click", () => setNight(!state.night));
  $("phone").addEventListener("click", () => setPhone(!state.phone));
  $("help").addEventListener("click", () => $("keys").showModal());
  $("menu").addEventListener("click", () => drawer(!$("side").classList.contains("open")));
  $("show-source").addEventListener("click", () => setSource(!state.source));
  $("where").addEventListener("click", event => copy(event.currentTarget.textContent.replace("\u200e", ""), event.currentTarget));
  for (const name of TABS) $(`tab-${name}`).addEventListener("click", () => chooseTab(name));
  document.querySelector(".main").addEventListener("pointerdown", () => drawer(false));

  async function start() {
    setNight(kept.night ?? matchMedia("(prefers-color-scheme: dark)").matches);
    setPhone(kept.phone ?? false);
    state.source = kept.source ?? false;
    await listen();
    await loadList();
    let wanted = kept.key;
    try { wanted = decodeURIComponent(location.hash.slice(1)) || wanted; } catch { /* it was cut */ }
    const row = state.rows.find(each => each.key === wanted) || state.rows[0];
    if (row) await open(row.key); else drawCard();
  }
  start().catch(error => live(String(error.message || error), "off"));
})();
