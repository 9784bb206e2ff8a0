"use strict";
/* The frame of a card: what Anki's reviewer does with the HTML of a side. It has no origin, so no script
   of a card reaches the page around it, or its server. */
(() => {
  const qa = document.getElementById("qa");
  const ICON = '<svg class="playImage" viewBox="0 0 64 64" version="1.1"><circle cx="32" cy="32" r="29" />'
    + '<path d="M56.502,32.301l-37.502,20.101l0.329,-40.804l37.173,20.703Z" /></svg>';
  const MARK = /\[anki:play:([qa]):(\d+)\]/g;
  const PASSED_ON = new Set([" ", "Enter", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "/", "?", "Escape"]);
  let shown = {}, playing = null;

  const post = message => parent.postMessage(message, "*");

  function mark(all, side, number) {
    const [name] = played(side, number);
    const title = name ? "Play" : "Anki speaks this text";
    return `<a class="replay-button soundLink${name ? "" : " spoken"}" href="#" draggable="false" title="${title}"`
      + ` aria-label="${title}" data-play="${side}:${number}">${ICON}</a>`;
  }

  function played(side, number) {
    const list = side === "q" ? shown.front.played : shown.back.played;
    return (list && list[Number(number)]) || ["", ""];
  }

  function play(side, number, button) {
    const [name, kind] = played(side, number);
    if (!name) return;
    if (playing) playing.pause();
    if (kind === "video") {
      const video = button && button.nextElementSibling?.matches("video.played")
        ? button.nextElementSibling : document.createElement("video");
      if (!video.isConnected) {
        Object.assign(video, { src: name, controls: true, className: "played" });
        button ? button.after(video) : qa.append(video);
      }
      playing = video;
    } else {
      playing = new Audio(name);
    }
    playing.play().catch(() => {});
  }

  /* What Anki's cards may call. */
  window.pycmd = command => {
    const found = /^play:([qa]):(\d+)$/.exec(command);
    if (found) play(found[1], found[2]);
  };

  function run(script) {
    const again = document.createElement("script");
    for (const { name, value } of script.attributes) again.setAttribute(name, value);
    again.text = script.text;
    script.replaceWith(again);
  }

  /* Where the reader is, while a card is made anew; null once it is there, or the reader moves on. */
  let wanted = null;
  for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    addEventListener(kind, () => { wanted = null; }, { passive: true, capture: true });
  }

  async function show(message) {
    const same = message.place === shown.place && message.side === shown.side;
    /* Of several changes in a row, each may find the card too short for where the reader is. */
    wanted = same ? wanted ?? scrollY : null;
    const open = same ? [...qa.querySelectorAll("details")].map(each => each.open) : [];
    shown = message;
    if (playing) playing.pause();
    document.documentElement.className = message.night ? "night-mode" : "";
    document.body.className = `card card${message.ord + 1} isLin${message.night ? " nightMode night_mode" : ""}`;
    const side = message.side === "front" ? message.front : message.back;
    qa.innerHTML = `<style>${message.css}</style>${side.html.replace(MARK, mark)}`;
    qa.querySelectorAll("script").forEach(run);
    qa.querySelectorAll("details").forEach((each, at) => { if (open.length > at) each.open = open[at]; });
    if (message.math === "mathjax" && window.MathJax?.startup) {
      await MathJax.startup.promise;
      MathJax.typesetClear([qa]);
      await MathJax.typesetPromise([qa]).catch(() => {});
    }
    const answer = qa.querySelector("#answer");
    if (same) {
      if (wanted !== null) scrollTo(0, wanted);
      /* Until its pictures are there, it is too short, or each that comes pushes the rest away. */
      await Promise.all([...qa.querySelectorAll("img")].map(each => each.decode().catch(() => {})));
      if (shown === message) {
        if (wanted !== null) scrollTo(0, wanted);
        wanted = null;
      }
    } else if (message.side === "back" && answer && message.flipped) answer.scrollIntoView();
    else scrollTo(0, 0);
    post({ type: "shown", place: message.place, side: message.side, version: message.version });
  }

  addEventListener("message", event => {
    if (event.source !== parent) return;
    const message = event.data;
    /* Whichever of page and frame is there first, the other asks. */
    if (message.type === "hello") post({ type: "ready" });
    else if (message.type === "show") show(message);
    else if (message.type === "night" && shown.css) show({ ...shown, night: message.night });
    else if (message.type === "replay") {
      const mine = shown.side === "front" ? "q" : "a";
      const list = mine === "q" ? shown.front.played : shown.back.played;
      list.forEach((each, at) => { if (each[0]) play(mine, at, qa.querySelector(`[data-play="${mine}:${at}"]`)); });
    }
  });

  addEventListener("click", event => {
    const button = event.target.closest("[data-play]");
    if (button) {
      event.preventDefault();
      play(...button.dataset.play.split(":"), button);
      return;
    }
    const link = event.target.closest("a[href]");
    if (!link || link.getAttribute("href").startsWith("#")) return;
    if (/^(https?|mailto):/i.test(link.href)) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
    else event.preventDefault();
  });

  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, audio, video, [contenteditable]")) return;
    if (event.target.closest("summary, a, button") && (event.key === " " || event.key === "Enter")) return;
    if (PASSED_ON.has(event.key)) event.preventDefault();
    post({ type: "key", key: event.key });
  });

  post({ type: "ready" });
})();
