// The search as it is when nothing is written ahead: the words are read from the page, note by note,
// and each is held against each word that is asked for. Tests hold the index of the sheet against it.
// What a word is and how notes are ranked, it takes from search.js, whose first half stands before this.

  // Whether two words are at most `most` slips apart: a letter more, less, other, or two exchanged.
  const near = (a, b, most) => {
    if (Math.abs(a.length - b.length) > most) return false;
    let before = [], row = [...Array(b.length + 1).keys()];
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        const same = a[i - 1] === b[j - 1];
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + !same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          next[j] = Math.min(next[j], before[j - 2] + 1);
        }
      }
      [before, row] = [row, next];
    }
    return row[b.length] <= most;
  };

  const readPage = () => {
    const all = (what, within) => [...within.querySelectorAll(what)];
    const inline = "a, abbr, b, bdi, bdo, cite, code, data, del, dfn, em, font, i, ins, kbd, mark, q, s,"
      + " samp, small, span, strong, sub, sup, time, u, var, wbr";
    const text = node => node.data ?? (node.localName === "style" ? ""
      : [...node.childNodes].filter(child => child.nodeType !== 8).map(text).join(""))
        .replace(/^|$/g, () => node.matches(inline) ? "" : " ");
    const read = (note, what) => all(what, note).map(text).join(" ");
    // By word: the notes it is in, each with a weight.
    const places = new Map(), ids = [], parts = new Map();
    for (const note of all(".sheaf .note[id]:not(.note *)", document)) {
      const { mark, ...facts } = note.dataset, texts = [
        [9, note.id],
        [8, read(note, "h3, .ask")],
        [6, read(note, ".short, .front")],
        [4, [...Object.values(facts), read(note, ".context")].join(" ")],
        [2, read(note, ".rest")],
        [1, all("[data-tex], img", note).map(el => el.dataset.tex || el.alt).join(" ")],
      ];
      for (const [weight, text] of texts) {
        for (const found of text.match(WORDS) || []) {
          if (!parts.has(found)) parts.set(found, divide(found).flatMap(pieces => [
            ...pieces, ...pieces.map(piece => piece.replace(SUFFIX, "")),
            ...pieces[1] ? [pieces.join("")] : [],
          ]));
          for (const word of parts.get(found)) {
            if (!places.has(word)) places.set(word, new Map());
            const own = places.get(word);
            if (!own.has(ids.length)) own.set(ids.length, weight);
          }
        }
      }
      ids.push(note.id);
    }
    const words = [...places.keys()], entries = new Map(words.map((word, i) => [word, i]));
    const spellings = words.map(american), forms = spellings.map(stem);
    const wholes = token => {
      const normal = stem(american(token));
      return [...words.keys()].filter(i => forms[i] === normal || words[i] === GREEK[token]);
    };
    const look = token => {
      const spelled = american(token), found = wholes(token).map(i => [i, WHOLE]);
      words.forEach((word, i) => {
        if (word.startsWith(token) || spellings[i].startsWith(spelled)) found.push([i, PREFIX]);
      });
      if (!found.length || !/^[a-z0-9]$/.test(token)) {
        words.forEach((word, i) => word.includes(token) && found.push([i, PART]));
      }
      const most = token.length > 7 ? 2 : token.length > 3 ? 1 : 0;
      if (!found.some(([, grade]) => grade >= PREFIX) && most) {
        spellings.forEach((own, i) => {
          if (near(spelled, own, most)
            || token.length > 4 && near(spelled, own.slice(0, token.length), 1)) found.push([i, TYPO]);
        });
      }
      return found;
    };
    const each = (i, tell) => places.get(words[i]).forEach((weight, note) => tell(note, weight));
    return { words, ...searcher({ ids, words, look, wholes, has: word => entries.has(word), each }) };
  };
  return readPage;
})();
const readPage = makeIndex;
