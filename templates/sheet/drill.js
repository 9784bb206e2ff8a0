// The drill: one card at a time, asked until it is known, then scheduled.
// `page` lends it: `chosen()` notes to ask; `marks()` by id; `keep(id, mark)`; `settings`, kept;
// `hide(note)` and `home(note)` move a note to the stage and back; `fold(note)` closes it.
const makeDrill = page => {
  "use strict";
  const AGAIN = 1, GOOD = 3, REVIEW = 2, DAY = 864e5;
  const root = document.documentElement;
  const one = what => document.querySelector(what);
  const all = (what, within) => [...within.querySelectorAll(what)];
  const say = (what, text) => { one(what).textContent = text; };
  const clock = ms => {
    const seconds = Math.round(ms / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  const wait = ms => {
    const [what, unit] = ms < DAY ? ["in-minutes", 6e4] : ms < 60 * DAY ? ["in-days", DAY]
      : ms < 730 * DAY ? ["in-months", 30 * DAY] : ["in-years", 365 * DAY];
    return word(what, { n: Math.round(ms / unit) });
  };

  let on = false, current, open, queue, later, answered, missed, past, tally, begun, shown, ticking;
  const mark = note => page.marks()[note.id];
  const wanted = {
    due: note => !mark(note) || mark(note).due <= Date.now(),
    all: () => true,
    wrong: note => mark(note)?.rating === AGAIN,
  };

  const progress = () => {
    const waiting = later.length + (current && answered.has(current) ? 1 : 0);
    const fresh = queue.length + (current && !answered.has(current) ? 1 : 0);
    const total = answered.size + fresh, done = answered.size - waiting;
    one("#_done").max = total || 1;
    one("#_done").value = done;
    say("#_left", word("progress", { done, n: total })
      + (waiting ? word("to-repeat", { n: waiting }) : ""));
    one("[data-do=undo]").disabled = !past.length;
  };
  const tick = () => {
    if (!page.settings.timed || !current) return say("#_time", "");
    const now = Date.now();
    say("#_time", word("time", { card: clock(now - shown), all: clock(now - begun) }));
  };
  const steps = () => all(".step:not([open])", current).filter(el => el.checkVisibility());

  // The sides of a card. Until it is revealed, no answer of it is on the page.
  const side = back => {
    open = back;
    current.classList.toggle("revealed", back);
    page.fold(current, back);
    one("#_ask").hidden = back;
    one("#_rate").hidden = !back;
    if (!back) return;
    for (const button of all("button", one("#_rate"))) {
      const now = Date.now(), { due } = schedule(mark(current), +button.value, now);
      all(".when", button)[0].textContent = wait(due - now);
    }
  };
  const seat = note => {
    if (current) page.home(current);
    current = note;
    one("#_over").hidden = true;
    one("#_stage").append(note);
    note.hidden = false;
    shown = Date.now();
    side(false);
    scrollTo(0, 0);
    note.focus({ preventScroll: true });
    progress();
    tick();
  };
  const next = () => {
    later.sort((a, b) => mark(a).due - mark(b).due);
    const early = later[0] && (!queue.length || mark(later[0]).due <= Date.now());
    const note = early ? later.shift() : queue.shift();
    note ? seat(note) : finish();
  };
  const leave = () => {
    if (!current) return;
    page.home(current);
    current = undefined;
  };

  const finish = () => {
    leave();
    for (const what of ["#_ask", "#_rate"]) one(what).hidden = true;
    const spent = Date.now() - begun, count = tally.reduce((sum, n) => sum + n, 0);
    const dues = page.chosen().map(mark).filter(Boolean).map(({ due }) => due - Date.now());
    const soon = days => dues.filter(due => due <= days * DAY).length;
    const [, again, hard, good, easy] = tally;
    say("#_over h2", word(count ? "done" : "nothing-to-ask"));
    say("#_over .told", count
      ? word("answered", { n: answered.size, time: clock(spent), each: clock(spent / count),
        tally: word("tally", { again, hard, good, easy }) })
      : word(page.settings.what === "wrong" ? "none-wrong" : "none-due", { n: page.chosen().length }));
    say("#_over .next", dues.length
      ? word("due-again", { day: soon(1), week: soon(7), n: dues.length }) : "");
    const list = one("#_over ul");
    list.replaceChildren(...[...missed].map(note => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = `#${note.id}`;
      link.textContent = all("h3, .ask", note)[0].innerText;
      item.append(link);
      return item;
    }));
    one("#_over .missed").hidden = !missed.size;
    one("#_over [value=wrong]").hidden = !page.chosen().some(wanted.wrong);
    one("#_over").hidden = false;
    one("#_over").focus({ preventScroll: true });
    scrollTo(0, 0);
    progress();
  };

  // Which cards are asked: anew when they, the filters or their order are chosen otherwise.
  const gather = () => {
    const pool = page.chosen().filter(wanted[page.settings.what]);
    const chosen = new Set(page.chosen());
    later = later.filter(note => chosen.has(note));
    queue = pool.filter(note => !answered.has(note) && note !== current);
    if (page.settings.shuffle) {
      for (let i = queue.length - 1; i > 0; i--) {
        const j = Math.floor(Math.random() * (i + 1));
        [queue[i], queue[j]] = [queue[j], queue[i]];
      }
    }
    if (!current || !(pool.includes(current) || answered.has(current) && chosen.has(current))) next();
    progress();
  };
  const start = () => {
    leave();
    [queue, later, past, tally] = [[], [], [], [0, 0, 0, 0, 0]];
    [answered, missed] = [new Set(), new Set()];
    begun = Date.now();
    gather();
  };

  const drill = {
    get on() { return on; },
    toggle() {
      on = root.classList.toggle("drilling");
      one("#_drill").hidden = !on;
      clearInterval(ticking);
      if (!on) return leave();
      ticking = setInterval(tick, 1000);
      start();
    },
    update() {
      if (on) gather();
      tick();
    },
    choose(what) {
      page.settings.what = one("#_what").value = what;
      start();
    },
    // Space and Enter: the answer, then step by step, then "good".
    forward() {
      if (!current) return;
      if (!open) {
        side(true);
        const [answer] = all(".short", current);
        if (!answer) return;
        answer.focus({ preventScroll: true });
        if (answer.getBoundingClientRect().top > innerHeight * 0.6) answer.scrollIntoView();
        return;
      }
      const [step] = steps();
      if (step) step.open = true;
      else drill.rate(GOOD);
    },
    rate(rating) {
      if (!current || !open) return;
      const id = current.id, before = mark(current);
      past.push({ note: current, before, rating, first: !answered.has(current),
        missed: missed.has(current), later: [...later] });
      page.keep(id, schedule(before, rating, Date.now()));
      tally[rating]++;
      answered.add(current);
      if (rating === AGAIN) missed.add(current);
      if (mark(current).state !== REVIEW) later.push(current);
      next();
    },
    undo() {
      const last = past.pop();
      if (!last) return;
      const { note, before, rating } = last;
      page.keep(note.id, before);
      tally[rating]--;
      if (last.first) answered.delete(note);
      if (!last.missed) missed.delete(note);
      ({ later } = last);
      seat(note);
      gather();
      if (current === note) side(true);
    },
  };
  return drill;
};
