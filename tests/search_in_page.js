// The search as it is when nothing is written ahead: the words are read from the page, note by note.
// Tests hold the index of the sheet against it. What a word is a form of, and how near two words are,
// it takes from search.js, whose first half stands before this.

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
  for (const note of all(".sheaf .note[id]:not(.note *)", document)) {
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
