// The HTML sheet at work: filters, folding, self-test, keyboard, paper. No framework, no request.
(() => {
  "use strict";
  const root = document.documentElement, space = "deckpress:" + root.dataset.namespace;
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const one = what => document.querySelector(what);
  const when = (event, act) => addEventListener(event, act);
  const say = (what, text) => { one(what).textContent = text; };
  const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // Where storage is denied, what is kept lasts as long as the page.
  const kept = { mode: "system", keys: true, marks: {} };
  const load = () => { try { Object.assign(kept, JSON.parse(localStorage[space])); } catch {} };
  const save = () => { try { localStorage[space] = JSON.stringify(kept); } catch {} };
  load();
  root.dataset.mode = kept.mode;
  root.className = "js";

  when("DOMContentLoaded", () => {
    const query = one("#_q"), help = one("#_help"), mode = one("#_mode"), keys = one("#_keys");
    const notes = all(".note"), selects = all(".filters select");
    const values = (note, select) => note.dataset[select.name].split(" ");
    const visible = () => notes.filter(note => !note.hidden);
    const press = (name, value, within) => {
      for (const b of all(`[data-do=${name}]`, within)) b.ariaPressed = b.value === value;
    };
    let current, opened;
    for (const note of notes) {
      const parts = all("h3, .ask, .front, .short, .rest, [role=img], img", note);
      note.words = plain(parts.map(el => el.ariaLabel || el.alt || el.textContent).join(" "));
    }

    // A value's number: how many notes it would leave, with the other filters in place.
    const apply = () => {
      const words = plain(query.value).split(/\s+/), counts = {};
      for (const note of notes) {
        const found = words.every(word => note.words.includes(word));
        const failed = selects.filter(s => s.value && !values(note, s).includes(s.value));
        note.hidden = !found || failed.length > 0;
        for (const s of selects) {
          if (!found || failed.some(other => other !== s)) continue;
          for (const v of values(note, s)) counts[s.name + v] = (counts[s.name + v] || 0) + 1;
        }
      }
      for (const option of all(".filters option:not([value=''])")) {
        const count = counts[option.parentNode.name + option.value] || 0;
        option.label = `${option.text} (${count})`;
      }
      for (const part of all(".part")) {
        const count = all(".note:not([hidden])", part).length;
        part.hidden = !count;
        say(`nav [href="#${part.id}"] span`, count);
      }
      const left = visible(), state = new URLSearchParams(), names = [];
      for (const { name, value, selectedOptions } of [query, ...selects]) {
        if (!value) continue;
        state.set(name, value);
        names.push(selectedOptions ? selectedOptions[0].text : `“${value}”`);
      }
      one("#_clear").hidden = !names.length;
      one("#_none").hidden = left.length > 0;
      say("#_count", names.length
        ? `${left.length} of ${notes.length} notes: ${names.join(", ")}` : `${notes.length} notes`);
      const count = mark => left.filter(note => note.dataset.mark === mark).length;
      say("#_tally", `${count("known")} known, ${count("unknown")} not yet, ${count("new")} to go`);
      history.replaceState(null, "", location.href.split("#")[0] + (names.length ? "#" + state : ""));
    };
    const readHash = () => {
      const hash = location.hash.slice(1), note = notes.find(({ id }) => id === hash);
      if (hash && !note && !hash.includes("=")) return;
      const state = new URLSearchParams(note ? "" : hash);
      for (const el of note && !note.hidden ? [] : [query, ...selects]) {
        el.value = state.get(el.name) || "";
        if (el.selectedIndex < 0) el.value = "";
      }
      apply();
      if (!note) return;
      fold(note, true);
      go(note);
    };

    const show = level => {
      press("show", level);
      for (const d of all(".answer")) d.open = level !== "questions";
      for (const d of all(".more, .step")) d.open = level === "all";
    };
    const fold = (note, open) => {
      const [answer] = all(".answer, .more", note);
      answer.open = open ?? !answer.open;
      for (const hole of all(".hole", note)) hole.classList.toggle("seen", answer.open);
    };
    const go = note => {
      if (!note) return;
      current = note;
      note.focus({ preventScroll: true });
      note.scrollIntoView();
    };
    const move = step => {
      const left = visible(), at = left.indexOf(current);
      go(left[at < 0 ? 0 : at + step]);
    };

    const showMarks = () => {
      for (const note of notes) {
        note.dataset.mark = kept.marks[note.id] || "new";
        press("mark", note.dataset.mark, note);
      }
      apply();
    };
    const mark = value => {
      if (!current) return;
      // Another tab may have marked since.
      load();
      const { marks } = kept, { id } = current;
      marks[id] = marks[id] === value ? undefined : value;
      save();
      if (marks[id] && root.matches(".testing")) move(1);
      showMarks();
    };
    const test = () => {
      const on = root.classList.toggle("testing");
      press("test", on ? "" : "off");
      for (const note of notes) {
        if (!all(".marks", note)[0]) note.append(one("#_marks").content.cloneNode(true));
      }
      for (const hole of all(".seen")) hole.classList.remove("seen");
      show(on ? "questions" : "short");
      showMarks();
      go(current);
    };
    const actions = {
      test,
      show: ({ value }) => show(value),
      mark: ({ value }) => mark(value),
      fold: () => fold(current),
      help: () => help.showModal(),
      play: ({ nextSibling: sound }) => sound.paused ? sound.play() : sound.pause(),
      print: () => print(),
      clear: () => {
        for (const el of [query, ...selects]) el.value = "";
        apply();
      },
      hole: hole => {
        hole.classList.add("seen");
        hole.nextSibling.tabIndex = -1;
        hole.nextSibling.focus();
      },
      reset: () => {
        if (!confirm("Forget all marks of this deck?")) return;
        kept.marks = {};
        save();
        showMarks();
      },
    };

    when("click", ({ target }) => {
      const on = target.closest("[data-do]");
      current = target.closest(".note") || current;
      if (on && (on.type || !String(getSelection()))) actions[on.dataset.do](on);
    });
    when("keydown", event => {
      const { key, target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
      if (key === "Escape") {
        if (target === query) {
          query.value = "";
          apply();
        } else if (root.matches(".testing")) test();
        target.blur();
      }
      if (!keys.checked || target.matches("input, select")) return;
      const inNote = target.matches(".note") && actions.fold;
      const act = {
        "/": () => query.select(), j: () => move(1), k: () => move(-1), t: test, "?": actions.help,
        1: () => mark("known"), 2: () => mark("unknown"), Enter: inNote, " ": inNote,
      }[key];
      if (!act) return;
      event.preventDefault();
      act();
    });

    // Paper shows every answer; its details only where they are open.
    when("beforeprint", () => {
      opened = all(".answer, .step").filter(d => !d.open);
      for (const d of opened) d.open = true;
    });
    when("afterprint", () => {
      for (const d of opened) d.open = false;
    });

    // A formula is copied as its LaTeX.
    when("copy", event => {
      const box = document.createElement("div"), picked = getSelection();
      if (!String(picked)) return;
      box.append(picked.getRangeAt(0).cloneContents());
      for (const el of all("[role=img]", box)) el.replaceWith(`$${el.ariaLabel}$`);
      document.body.append(box);
      event.clipboardData.setData("text/plain", box.innerText);
      box.remove();
      event.preventDefault();
    });

    mode.value = kept.mode;
    keys.checked = kept.keys;
    when("input", () => {
      kept.mode = root.dataset.mode = mode.value;
      kept.keys = keys.checked;
      save();
      apply();
    });
    one("form").onsubmit = () => false;
    when("hashchange", readHash);
    show("short");
    readHash();
    showMarks();
  });
})();
