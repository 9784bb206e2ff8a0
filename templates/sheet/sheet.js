// The HTML sheet at work: search, filters, folding, drill, marks, keyboard, paper. No framework,
// no request. Before it stand words.js, schedule.js, search.js and drill.js.
(() => {
  "use strict";
  const root = document.documentElement, { namespace } = root.dataset;
  const space = "deckpress:" + namespace;
  const NOTE = ".sheaf .note[id]:not(.note *)";
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const one = what => document.querySelector(what);
  const when = (event, act, on = window) => on.addEventListener(event, act);
  const say = (what, text) => { one(what).textContent = text; };
  const later = window.requestIdleCallback || (act => setTimeout(act, 30));

  // Where storage is denied, what is kept lasts as long as the page.
  const kept = {
    mode: "system", keys: true, what: "due", shuffle: true, timed: false, marks: {},
  };
  const load = () => { try { Object.assign(kept, JSON.parse(localStorage[space])); } catch {} };
  const save = () => { try { localStorage[space] = JSON.stringify(kept); } catch {} };
  load();
  root.dataset.mode = kept.mode;
  root.className = "js";

  when("DOMContentLoaded", () => {
    const query = one("#_q"), help = one("#_help"), mode = one("#_mode"), keys = one("#_keys");
    const results = one("#_results"), side = one("#_side"), bar = one(".bar"), main = one("main");
    // Those of the deck: what its own page or another note shows like one is none.
    const notes = all(NOTE), selects = all(".filters select");
    const parts = all(".part");
    // Notes live in sheaves; a row of a table goes back into its table.
    const sheaves = all(".sheaf").map(el => ({ el, part: el.closest(".part"), notes: all(NOTE, el) }));
    const homes = new Map(sheaves.flatMap(sheaf => sheaf.notes.map(note => [note, sheaf])));
    for (const sheaf of sheaves) sheaf.box = sheaf.notes[0].parentNode;
    const byId = new Map(notes.map(note => [note.id, note]));
    const facts = new Map(notes.map(note => [note, Object.fromEntries(
      selects.map(({ name }) => [name, (note.dataset[name] || "").split(" ")]))]));
    const numbers = new Map(parts.map(el => [el, one(`nav [href="#${el.id}"] span`)]));
    const options = all(".filters option:not([value=''])");
    const opened = new Set(), ringed = new Set();
    const positions = new Map(notes.map((note, i) => [note, i]));
    // Of what a search finds: what is laid out with the key, what follows at leisure, and how much
    // of that there is without being asked for.
    const FIRST = 2, NEXT = 8, ENOUGH = 100;
    // Who types a word presses the next key before this has passed, in ms.
    const PAUSE = 300;
    let current, chosen = notes, found, linked, limit = FIRST, following, settling, printed = [];
    let picked, leaving, shown = new Set();

    // While notes are found or asked, all others are in the page and in no slot: a browser that
    // takes one note away goes through all that it shows, to count its lists anew. So whatever
    // goes does so while the others are in no slot.
    const slot = document.createElement("slot"), shelf = one("#_all").attachShadow({ mode: "open" });
    const spread = shown => {
      if (!shown) return slot.remove();
      getComputedStyle(main).color;
      shelf.append(slot);
    };
    spread(true);

    const press = (name, value) => {
      for (const b of all(`[data-do=${name}]`)) b.ariaPressed = b.value === value;
    };

    // The index of words is read while nobody waits, or when the first word is typed.
    let words;
    const index = () =>
      words ||= makeIndex(one("#_index").textContent, notes.map(note => note.id));

    // Notes stand in their parts, or ranked among the results, or on the stage of the drill.
    const home = note => {
      const { box, notes: own } = homes.get(note);
      box.insertBefore(note, own.slice(own.indexOf(note) + 1).find(el => el.parentNode === box) || null);
      note.hidden = !picked.has(note);
    };
    // A note that stays where it is costs nothing; one that is moved is styled and drawn anew. So
    // those that are no longer found go home a few at a time, while nobody waits.
    const leave = whole => {
      clearTimeout(leaving);
      const gone = [...results.children].filter(note => !shown.has(note));
      gone.sort((a, b) => positions.get(a) - positions.get(b));
      for (const note of whole ? gone : gone.splice(0, NEXT)) home(note);
      if (!whole && gone.length) leaving = setTimeout(leave, found ? 100 : 0);
    };
    const lay = ranked => {
      if (drill.on) return;
      const list = ranked ? chosen.slice(0, limit) : [];
      shown = new Set(list);
      list.forEach((note, i) => {
        const there = results.children[i];
        if (there !== note) results.insertBefore(note, there || null);
        note.hidden = false;
      });
      for (const note of [...results.children].slice(list.length)) note.hidden = true;
      clearTimeout(leaving);
      if (ranked) leaving = setTimeout(leave, 1000);
      else leave();
      one("#_more").hidden = !ranked || chosen.length <= limit;
      say("#_more", word("show-all", { n: chosen.length }));
    };

    // What a search finds is marked and unfolded; what was unfolded for it folds again.
    const spots = window.CSS?.highlights && new Highlight();
    if (spots) CSS.highlights.set("hit", spots);
    const unmark = () => {
      clearTimeout(following);
      spots?.clear();
      for (const el of ringed) el.classList.remove("hit");
      ringed.clear();
      for (const el of opened) el.open = false;
      opened.clear();
    };
    const markNote = (note, marked, deep) => {
      const texts = document.createTreeWalker(note, NodeFilter.SHOW_TEXT);
      const skip = ".marks, summary, footer, button, .context";
      let first;
      while (texts.nextNode()) {
        const { currentNode: text } = texts;
        index().each(text.data, marked, (start, end) => {
          const range = new Range();
          range.setStart(text, start);
          range.setEnd(text, end);
          spots?.add(range);
          if (text.parentNode.closest(skip)) return;
          const folded = text.parentNode.closest("details:not([open])");
          if (folded && !deep) return;
          for (let el = folded; el; el = el.parentNode.closest("details:not([open])")) {
            el.open = true;
            opened.add(el);
          }
          first ||= range;
        });
      }
      for (const el of all("[data-tex]", note)) {
        index().each(el.dataset.tex, marked, () => {
          el.classList.add("hit");
          ringed.add(el);
        });
      }
      return first;
    };
    const markFrom = (from, { marked, weights }) => {
      let first;
      for (const note of chosen.slice(from, limit)) {
        const least = weights[positions.get(note)], answer = all(".answer", note)[0];
        const range = markNote(note, marked, least < 4 || least < 8 && answer && !answer.open);
        first ||= range;
      }
      return first;
    };
    // Lays out and marks what else was found, up to a number, while nobody waits.
    const follow = (found, most, wait = 100) => {
      if (limit >= Math.min(most, chosen.length)) return;
      following = setTimeout(() => {
        const from = limit;
        limit = Math.min(limit + NEXT, most);
        lay(true);
        markFrom(from, found);
        follow(found, most);
      }, wait);
    };
    const search = () => {
      if (!query.value.trim()) return;
      const { order, least, marked, whole } = index().find(query.value);
      return { found: order.map(i => notes[i]), marked, weights: least, whole };
    };

    const missing = (note, wanted) => {
      const own = facts.get(note);
      return wanted.filter(s => !own[s.name].includes(s.value));
    };
    // A value's number: how many notes it would leave, with the other filters in place.
    const label = (pool, wanted) => {
      const counts = {};
      for (const note of pool) {
        const own = facts.get(note), failed = missing(note, wanted);
        if (failed.length > 1) continue;
        for (const { name } of selects) {
          if (failed.length && failed[0].name !== name) continue;
          for (const v of own[name]) counts[name + v] = (counts[name + v] || 0) + 1;
        }
      }
      for (const option of options) {
        const told = `${option.text} (${counts[option.parentNode.name + option.value] || 0})`;
        if (option.label !== told) option.label = told;
      }
    };
    const apply = typed => {
      unmark();
      spread(false);
      const result = search(), left = new Map();
      const wanted = selects.filter(s => s.value), pool = result ? result.found : notes;
      chosen = wanted.length ? pool.filter(note => !missing(note, wanted).length) : pool;
      const count = el => left.get(el) || 0;
      for (const note of chosen) {
        const { el, part } = homes.get(note);
        left.set(el, count(el) + 1).set(part, count(part) + 1);
      }
      // Among the results is only what was found; no other note need change for a key.
      picked = new Set(chosen);
      for (const note of result ? chosen : notes) {
        if (note.hidden === picked.has(note)) note.hidden = !note.hidden;
      }
      for (const [el, number] of numbers) {
        if (!result) el.hidden = !count(el);
        if (number.textContent !== `${count(el)}`) number.textContent = count(el);
      }
      if (!result) {
        for (const { el, box, notes: own } of sheaves) {
          const high = `${count(el) * (box === el ? 13 : 2)}rem`;
          el.hidden = !count(el);
          el.style.containIntrinsicHeight = count(el) < own.length ? high : "auto " + high;
        }
      }
      one("#_found").hidden = !result;
      lay(result);
      if (!result && !drill.on) spread(true);
      const state = new URLSearchParams(), names = [];
      for (const { name, value, selectedOptions } of [query, ...selects]) {
        if (!value) continue;
        state.set(name, value);
        names.push(selectedOptions ? selectedOptions[0].text : word("quoted", { text: value }));
      }
      if (!picked.has(linked)) linked = undefined;
      const whole = names.length ? state + (linked ? `&note=${linked.id}` : "") : linked?.id;
      // Address and hundreds of values cost as much as the rest: they wait for its end.
      const settle = () => {
        history.replaceState(null, "", location.href.split("#")[0] + (whole ? "#" + whole : ""));
        label(pool, wanted);
      };
      clearTimeout(settling);
      settling = setTimeout(settle, typed ? PAUSE : 50);
      one("#_clear").hidden = !names.length;
      one("#_none").hidden = chosen.length > 0;
      // Where no note has all words, those with the most of them follow.
      one("#_most").hidden = !chosen.length || result?.whole !== false;
      say("#_count", names.length
        ? word("found-notes", { some: chosen.length, n: notes.length, filters: names.join(word("comma")) })
        : word("notes", { n: notes.length }));
      drill.update();
      return result;
    };
    const find = typed => {
      limit = FIRST;
      found = apply(typed);
      if (!found || drill.on) return;
      const first = markFrom(0, found);
      follow(found, ENOUGH, typed ? PAUSE : 100);
      return first;
    };
    const seek = () => {
      linked = undefined;
      const first = find(true);
      if (!found || drill.on) return;
      const [note] = chosen;
      if (!note) return scrollTo(0, 0);
      (found.whole ? note : one("#_most")).scrollIntoView();
      const { top } = first?.getBoundingClientRect() || { top: 0 };
      if (top > innerHeight - 60) scrollBy(0, top - innerHeight / 2);
    };
    const clear = () => {
      for (const el of [query, ...selects]) el.value = "";
      linked = undefined;
      find();
    };

    // What is not on the screen has only been estimated: scroll until the place stays where it is.
    const land = place => {
      let left = 90, calm = 0, top;
      const stop = () => { left = 0; };
      const events = ["wheel", "touchstart", "pointerdown", "keydown"];
      for (const event of events) when(event, stop);
      const step = () => {
        if (left-- > 0 && calm < 12) {
          place.scrollIntoView();
          const now = place.getBoundingClientRect().top;
          calm = now === top ? calm + 1 : 0;
          top = now;
          return requestAnimationFrame(step);
        }
        for (const event of events) removeEventListener(event, stop);
      };
      root.classList.add("linked");
      step();
    };
    const go = note => {
      if (!note) return;
      if (!found && results.contains(note)) leave(true);
      current = note;
      note.focus({ preventScroll: true });
      land(note);
    };
    const move = step => {
      const at = chosen.indexOf(current), note = chosen[at < 0 ? 0 : at + step];
      if (found && at + step >= limit) actions.more();
      go(note);
    };
    const readHash = () => {
      const written = location.hash.slice(1), state = new URLSearchParams(written.includes("=") ? written : "");
      let hash = written;
      // Whoever passes an address on may have cut it.
      try { hash = decodeURIComponent(written); } catch {}
      const note = byId.get(state.get("note") || hash), target = document.getElementById(hash);
      if (note && drill.on) drill.toggle();
      if (hash && !note && !hash.includes("=")) {
        if (!target?.matches(".part")) return;
        if (found || target.hidden) clear();
        return land(target);
      }
      for (const el of note && picked?.has(note) && !state.size ? [] : [query, ...selects]) {
        el.value = state.get(el.name) || "";
        if (el.selectedIndex < 0) el.value = "";
      }
      linked = note;
      find();
      if (found && note) actions.more();
      if (!note || !picked.has(note)) return;
      fold(note, true);
      go(note);
    };

    const show = level => {
      press("show", level);
      for (const d of all(".answer, .more, .step")) {
        const open = d.matches(".answer") ? level !== "questions" : level === "all";
        if (d.open !== open) d.open = open;
      }
    };
    const fold = (note, open) => {
      const [answer] = all(".answer, .more", note);
      if (answer) answer.open = open ?? !answer.open;
    };

    const showMarks = () => {
      const now = Date.now();
      for (const note of notes) {
        const mark = kept.marks[note.id];
        const words = !mark ? ["new"] : [mark.rating > 1 ? "known" : "wrong"];
        if (mark && mark.due <= now) words.push("due");
        const told = words.join(" ");
        if (note.dataset.mark !== told) note.dataset.mark = told;
        facts.get(note).mark = words;
      }
    };
    const reviewed = marks => Object.fromEntries(Object.entries(marks || {}).filter(
      ([, m]) => [m?.state, m?.s, m?.d, m?.last, m?.due, m?.rating].every(Number.isFinite)));
    const drill = makeDrill({
      settings: kept,
      chosen: () => chosen,
      marks: () => kept.marks,
      keep: (id, mark) => {
        // Another tab may have marked since.
        const { marks } = kept;
        try { kept.marks = { ...marks, ...JSON.parse(localStorage[space]).marks }; } catch {}
        if (mark) kept.marks[id] = mark;
        else delete kept.marks[id];
        save();
      },
      home: note => {
        home(note);
        note.classList.remove("revealed");
      },
      fold: (note, back) => {
        const whole = back && (!all(".answer, .hole", note)[0] || note.dataset.kind === "coding"
          || all(".step", note)[0]);
        for (const d of all(".answer, .more, .step", note)) {
          d.open = d.matches(".answer") ? back : d.matches(".more") && Boolean(whole);
        }
        for (const hole of all(".hole", note)) hole.classList.toggle("seen", back);
      },
    });

    const actions = {
      show: ({ value }) => show(value),
      fold: () => current && fold(current),
      help() {
        help.showModal();
        // By itself, the focus goes to what can be pressed, which is at the end.
        help.firstElementChild?.focus();
      },
      play: ({ nextSibling: sound }) => sound.paused ? sound.play() : sound.pause(),
      print: () => print(),
      clear,
      more: () => {
        clearTimeout(following);
        const from = limit;
        limit = chosen.length;
        lay(true);
        markFrom(from, found);
      },
      hole: hole => {
        hole.classList.add("seen");
        hole.nextSibling.tabIndex = -1;
        hole.nextSibling.focus();
      },
      drill: () => {
        unmark();
        one("#_what").value = kept.what;
        one("#_shuffle").checked = kept.shuffle;
        one("#_timed").checked = kept.timed;
        shown.clear();
        if (!drill.on) leave(true);
        spread(false);
        drill.toggle();
        press("drill", drill.on ? "" : "off");
        if (drill.on) return;
        show("short");
        showMarks();
        find();
        go(current);
      },
      forward: () => drill.forward(),
      rate: ({ value }) => drill.rate(+value),
      undo: () => drill.undo(),
      ask: ({ value }) => drill.choose(value),
      export: () => {
        const link = document.createElement("a");
        const text = JSON.stringify({ deckpress: "marks", namespace, marks: kept.marks }, null, 1);
        link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
        link.download = `${namespace.replace(/\W+/g, "-")}-marks.json`;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 1e4);
      },
      import: () => one("#_file").click(),
      reset: () => {
        if (!confirm(word("forget-marks"))) return;
        kept.marks = {};
        save();
        showMarks();
        find();
      },
    };
    // Of two marks of one card the newer one stays.
    const takeOver = async file => {
      try {
        const told = JSON.parse(await file.text());
        if (told.deckpress !== "marks" || told.namespace !== namespace) throw new Error();
        load();
        let count = 0;
        for (const [id, mark] of Object.entries(reviewed(told.marks))) {
          if (kept.marks[id]?.last >= mark.last) continue;
          kept.marks[id] = mark;
          count++;
        }
        save();
        say("#_told", word("marks-taken-over", { n: count }));
      } catch {
        say("#_told", word("no-marks"));
      }
      showMarks();
      find();
    };

    when("click", ({ target, detail }) => {
      // Space is the card's again once a box was ticked with the mouse.
      if (detail && target.matches("#_drill input")) target.blur();
      const on = target.closest("[data-do]");
      current = target.closest(".note[id]") || current;
      if (target.closest("#_side a") && side.matches(":popover-open")) side.hidePopover();
      if (on && (on.type || !drill.on && !String(getSelection()))) actions[on.dataset.do](on);
    });
    when("keydown", event => {
      const { key, target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
      if (key === "Escape") {
        if (side.matches(":popover-open")) return;
        if (target === query) {
          query.value = "";
          seek();
        } else if (drill.on) actions.drill();
        target.blur();
      }
      if (target === query && key === "Enter") return go(chosen[0]);
      if (!keys.checked || target.matches("input, select")) return;
      const plain = !target.closest("button, summary, a");
      const enter = plain && (drill.on ? actions.forward
        : target.matches(".note[id]") && actions.fold);
      const act = {
        "/": () => query.select(), "?": actions.help, d: actions.drill, Enter: enter, " ": enter,
        ...drill.on
          ? { u: actions.undo, ...Object.fromEntries([1, 2, 3, 4].map(n => [n, () => drill.rate(n)])) }
          : { j: () => move(1), k: () => move(-1) },
      }[key];
      if (!act) return;
      event.preventDefault();
      act();
    });

    // Paper shows every answer; its details only where they are open.
    when("beforeprint", () => {
      if (drill.on) {
        for (const note of notes) note.hidden = !picked.has(note);
        spread(true);
      } else if (found) actions.more();
      else leave(true);
      printed = all(".answer, .step, .about").filter(d => !d.open);
      for (const d of printed) d.open = true;
    });
    when("afterprint", () => {
      if (drill.on) spread(false);
      for (const d of printed) d.open = false;
    });

    // A formula is copied as its LaTeX.
    when("copy", event => {
      const box = document.createElement("div"), picked = getSelection();
      if (!String(picked)) return;
      box.append(picked.getRangeAt(0).cloneContents());
      for (const el of all("[data-tex]", box)) el.replaceWith(`$${el.dataset.tex}$`);
      document.body.append(box);
      event.clipboardData.setData("text/plain", box.innerText);
      box.remove();
      event.preventDefault();
    });

    mode.value = kept.mode;
    keys.checked = kept.keys;
    when("input", ({ target }) => {
      kept.mode = root.dataset.mode = mode.value;
      kept.keys = keys.checked;
      if (target.matches("#_drill *")) {
        kept.what = one("#_what").value;
        kept.shuffle = one("#_shuffle").checked;
        kept.timed = one("#_timed").checked;
        drill.update();
      }
      save();
      if (target === query) seek();
      else if (target.matches(".filters *")) find();
    });
    when("change", ({ target }) => {
      if (target.id !== "_file" || !target.files[0]) return;
      takeOver(target.files[0]);
      target.value = "";
    });
    one("form").onsubmit = () => false;
    when("hashchange", readHash);
    const measure = () => {
      for (const el of [root, side]) el.style.setProperty("--bar", `${bar.offsetHeight}px`);
    };
    new ResizeObserver(measure).observe(bar);
    measure();
    const narrow = matchMedia("(max-width: 56rem)");
    narrow.onchange = () => side.matches(":popover-open") && side.hidePopover();
    if (narrow.matches) for (const about of all(".about")) about.open = false;
    kept.marks = reviewed(kept.marks);
    show("short");
    showMarks();
    // A large page takes a while until this runs, and the search is there from the first moment on.
    const typed = query.value;
    readHash();
    if (typed) {
      query.value = typed;
      seek();
    }
    later(index);
  });
})();
