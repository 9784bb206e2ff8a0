"use strict";
/* What the preview adds to the sheet in its frame: the night of the page around it, and the place where
   the sheet was before it was made anew. The frame has no origin, and so it keeps nothing itself. */
(() => {
  const root = document.documentElement;
  const { night, place } = JSON.parse(window.name || "{}");

  function setNight(on) {
    root.dataset.mode = on ? "dark" : "light";
    const choice = document.getElementById("_mode");
    if (choice) choice.value = root.dataset.mode;
  }

  /* A place is a note and how far from the top it stands: heights are guesses until a note is drawn. */
  function tell() {
    const note = document.elementFromPoint(innerWidth * 0.7, innerHeight / 3)?.closest(".note[id]");
    const here = scrollY > 0 && note ? { id: note.id, top: note.getBoundingClientRect().top } : null;
    if (here || !scrollY) parent.postMessage({ type: "scrolled", place: here }, "*");
  }
  /* Notes that are drawn for the first time push others away, so for some frames the note is held where
     it was, unless the reader moves on. */
  let moved = false;
  for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    addEventListener(kind, () => { moved = true; }, { passive: true, capture: true });
  }
  function goBack(frames) {
    const note = place && document.getElementById(place.id);
    if (!note || moved || !frames) return;
    if (Math.abs(note.getBoundingClientRect().top - place.top) >= 1) {
      note.scrollIntoView();
      scrollBy(0, note.getBoundingClientRect().top - place.top);
    }
    requestAnimationFrame(() => goBack(frames - 1));
  }

  setNight(night);
  addEventListener("DOMContentLoaded", () => setNight(night));
  addEventListener("load", () => goBack(60));
  addEventListener("message", event => {
    if (event.source === parent && event.data.type === "night") setNight(event.data.night);
  });
  addEventListener("scroll", tell, { passive: true });
})();
