// The search as it is when nothing is written ahead: the words are read from the page, note by note.
// Tests hold the index of the sheet against it.
const makeIndex = (() => {
  "use strict";
  const TYPO = 1, PART = 2, PREFIX = 3, WHOLE = 4, STEP = 16;
  const HYPHEN = /[-‐‑’']/, WORDS = /[\p{L}\p{N}]+(?:[-‐‑’'][\p{L}\p{N}]+)*/gu;
  const MARKED = /[\p{L}\p{N}\p{M}]+(?:[-‐‑’'][\p{L}\p{N}\p{M}]+)*/gu;
  const SMALL = new Set(("a an and are as at be by do does for how i in is it of on or the to vs was"
    + " what when which who why with you your").split(" "));

  const plain = text => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
  const american = word => word
    .replace(/([a-z]{2})our(?=s?$|ed$|ing$|al|ful|less|ly$|abl|it|hood)/, "$1or")
    .replace(/(?<=[a-z]{3})is(?=ations?$|e$|e[drs]s?$|ing$|able$|er$)/, "iz")
    .replace(/([a-z]l)ys(?=e|ing$)/, "$1yz")
    .replace(/ll(?=ed$|ing$|ers?$)/, "l")
    .replace(/(?<=[a-z]{2}[tb])re(?=s?$)/, "er")
    .replace(/(?<=[a-z]{2}l)ogue(?=s?$)/, "og")
    .replace(/ence(?=s?$)/, "ense")
    .replace(/(?<=[a-z]{4}m)me(?=s?$)/, "")
    .replace(/^artef/, "artif").replace(/^grey/, "gray").replace(/dgement/, "dgment");
  const stem = word => word
    .replace(/(?<=[a-z]{2})ies$/, "y").replace(/(?<=ss|x|ch|sh)es$/, "")
    .replace(/(?<=[a-z]{2}[^siu])s$/, "")
    .replace(/(?<=[a-z]{4})(?:ing|ed)$/, "").replace(/([b-df-hj-kmnp-rt-v])\1$/, "$1")
    .replace(/(?<=[a-z]{4})e$/, "");

  // The letters of a word as bits, and how many of them another word lacks: most words are not near.
  const letters = word => [...word].reduce((bits, sign) => bits | 1 << (sign.charCodeAt() & 31), 0);
  const lacking = (a, b) => {
    let count = 0;
    for (let bits = a & ~b; bits; bits &= bits - 1) count++;
    return count;
  };
  // Whether two words are at most `most` slips apart: a letter more, less, other, or two exchanged.
  const near = (a, b, most) => {
    if (Math.abs(a.length - b.length) > most) return false;
    let before = [], row = [...Array(b.length + 1).keys()];
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      let least = i;
      for (let j = 1; j <= b.length; j++) {
        const same = a[i - 1] === b[j - 1];
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + !same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          next[j] = Math.min(next[j], before[j - 2] + 1);
        }
        least = Math.min(least, next[j]);
      }
      if (least > most) return false;
      [before, row] = [row, next];
    }
    return row[b.length] <= most;
  };

  return () => {
    // By word as it is written: its normal form, and the notes it is in, each with a weight.
    const words = new Map(), ids = [], known = new Map(), spellings = new Map();
    let count = 0;
    const enter = word => {
      let entry = words.get(word);
      if (!entry) {
        const spelled = american(word);
        words.set(word, entry = { word, spelled, normal: stem(spelled), notes: [], weights: [],
          letters: letters(spelled) });
      }
      return entry;
    };
    const put = (text, weight) => {
      for (const found of text.match(MARKED) || []) {
        let entries = spellings.get(found);
        if (!entries) {
          entries = (plain(found).match(WORDS) || []).flatMap(word => {
            const parts = word.split(HYPHEN);
            return parts[1] ? [...parts, parts.join("")] : parts;
          }).map(enter);
          spellings.set(found, entries);
        }
        for (const { notes, weights } of entries) {
          const last = notes.length - 1;
          if (notes[last] !== count) {
            notes.push(count);
            weights.push(weight);
          } else if (weights[last] < weight) weights[last] = weight;
        }
      }
    };

    // The words of the index that a word of the query may mean, and how well.
    const meant = token => {
      if (!known.has(token)) known.set(token, look(token));
      return known.get(token);
    };
    const look = token => {
      const spelled = american(token), normal = stem(spelled), found = [];
      let best = 0;
      for (const entry of words.values()) {
        const { word } = entry;
        const grade = entry.normal === normal ? WHOLE
          : word.startsWith(token) || entry.spelled.startsWith(spelled) ? PREFIX
          : word.includes(token) ? PART : 0;
        if (grade) found.push([entry, grade]);
        best = Math.max(best, grade);
      }
      const most = token.length > 7 ? 2 : token.length > 3 ? 1 : 0;
      if (best < PREFIX && most) {
        const own = letters(spelled);
        for (const entry of words.values()) {
          const missed = lacking(own, entry.letters);
          if (missed <= most && lacking(entry.letters, own) <= most && near(spelled, entry.spelled, most)
            || missed < 2 && token.length > 4
              && near(spelled, entry.spelled.slice(0, token.length), 1)) {
            found.push([entry, TYPO]);
          }
        }
      }
      return found;
    };
    const tokens = query => {
      const all = (plain(query).match(WORDS) || []).flatMap(word => word.split(HYPHEN));
      const large = all.filter(word => !SMALL.has(word));
      return (large.length ? large : all).flatMap(token => {
        if (words.has(token) || meant(token).length) return token;
        // Two words that were written as one.
        for (let at = 3; at < token.length - 2; at++) {
          const two = [token.slice(0, at), token.slice(at)];
          if (two.every(word => words.has(word))) return two;
        }
        return token;
      });
    };

    return {
      words,
      // Takes in the next note: pairs of a weight up to 9 and a text; 9 is for its name.
      add(texts) {
        known.clear();
        for (const [weight, text] of texts) put(text, weight);
        ids.push((plain(texts[0][1]).match(WORDS) || []).length);
        count++;
      },
      // Returns the notes that have all words of a query, best first, each with the least weight
      // that one of the words has there; and the words to mark.
      find(query) {
        const wanted = tokens(query), marked = new Set();
        const sums = new Float64Array(count), worst = new Float64Array(count).fill(Infinity);
        const named = new Float64Array(count), least = new Float64Array(count).fill(Infinity);
        for (const token of wanted) {
          const best = new Float64Array(count), found = meant(token);
          const whole = found.some(([, grade]) => grade >= PREFIX);
          for (const [{ word, notes, weights }, grade] of found) {
            if (!whole || grade >= PREFIX) marked.add(word);
            for (let i = 0; i < notes.length; i++) {
              const value = grade * STEP + weights[i];
              if (value > best[notes[i]]) best[notes[i]] = value;
            }
          }
          for (let note = 0; note < count; note++) {
            const value = best[note], weight = value % STEP;
            sums[note] += value;
            worst[note] = Math.min(worst[note], Math.floor(value / STEP));
            least[note] = Math.min(least[note], weight);
            named[note] += weight === 9;
          }
        }
        const order = [], score = new Float64Array(count);
        for (let note = 0; note < count; note++) {
          if (!wanted.length || worst[note] < TYPO) continue;
          score[note] = worst[note] * 1e4 + sums[note] + 8 * named[note] / (ids[note] || 1);
          order.push(note);
        }
        order.sort((a, b) => score[b] - score[a] || a - b);
        return { order, least, marked };
      },
      // Calls back with start and end of each word in a text that is among the marked.
      each(text, marked, tell) {
        for (const { 0: found, index } of text.matchAll(MARKED)) {
          const parts = plain(found).split(HYPHEN);
          if (parts[1] && marked.has(parts.join(""))) tell(index, index + found.length);
          else if (parts.some(word => marked.has(word))) {
            let start = index;
            for (const part of found.split(HYPHEN)) {
              if (marked.has(plain(part))) tell(start, start + part.length);
              start += part.length + 1;
            }
          }
        }
      },
    };
  };
})();
const readPage = () => {
  const index = makeIndex(), all = (what, within) => [...within.querySelectorAll(what)];
  const read = (note, what) => all(what, note).map(el => el.textContent).join(" ");
  for (const note of all(".note[id]", document)) {
    const { mark, ...facts } = note.dataset;
    index.add([
      [9, note.id],
      [8, read(note, "h3, .ask")],
      [6, read(note, ".short, .front")],
      [4, [...Object.values(facts), read(note, ".context")].join(" ")],
      [2, read(note, ".rest")],
      [1, all("[data-tex], img", note).map(el => el.dataset.tex || el.alt).join(" ")],
    ]);
  }
  return index;
};
