// What is meant by a few words: whole words before parts of words, titles before answers before
// details; plural and spelling do not matter, a slip of the finger does not either.
const makeIndex = (() => {
  "use strict";
  const TYPO = 1, PART = 2, PREFIX = 3, WHOLE = 4, STEP = 16;
  // As in search_index.py.
  const WEIGHTS = [9, 8, 6, 4, 2, 1], FIRST = 61, LAST = 40, OTHER = 26;
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
  // What a word without any of these letters is, all rules leave alone.
  const VARIES = /our|is|lys|ll|re|og|ence|mme|artef|grey|dgement/;
  const stem = word => word
    .replace(/(?<=[a-z]{2})ies$/, "y").replace(/(?<=ss|x|ch|sh)es$/, "")
    .replace(/(?<=[a-z]{2}[^siu])s$/, "")
    .replace(/(?<=[a-z]{4})(?:ing|ed)$/, "").replace(/([b-df-hj-kmnp-rt-v])\1$/, "$1")
    .replace(/(?<=[a-z]{4})e$/, "");

  // The letters of a word as bits, and how many of them another word lacks: most words are not near.
  const letters = word => {
    let bits = 0;
    for (const sign of word) bits |= 1 << (sign.charCodeAt() & 31);
    return bits;
  };
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

  // `written` is what search_index.py writes; `ids` are those of the notes.
  return (written, ids) => {
    const count = ids.length, known = new Map(), exact = new Map(), words = [], lines = [];
    let before = "";
    const [names, ...rows] = written.split("\n");
    // The place among `ids` of each note of the index; an own page may have others, too.
    const places = new Map(ids.map((id, i) => [id, i]));
    const held = names.split(" ").map(name => places.get(name));
    for (const line of rows) {
      const end = line.indexOf(" ");
      exact.set(before = before.slice(0, line.charCodeAt() - FIRST) + line.slice(1, end), words.length);
      words.push(before);
      lines.push(line);
    }
    // How a word is spelled and what it is a form of: found out when first asked for.
    const spellings = [], stems = [], signs = [];
    const spelling = i => spellings[i] ||= VARIES.test(words[i]) ? american(words[i]) : words[i];
    const form = i => stems[i] ||= stem(spelling(i));
    const bits = i => signs[i] ??= letters(spelling(i));
    // Calls back with each note that a word is in, and its weight there.
    const each = (i, tell) => {
      const line = lines[i];
      for (let at = line.indexOf(" ") + 1, note = -1, high = 0; at < line.length; at++) {
        const digit = line.charCodeAt(at) - FIRST;
        if (digit < LAST) {
          const number = high * LAST + digit;
          note += 1 + Math.floor(number / WEIGHTS.length);
          if (held[note] !== undefined) tell(held[note], WEIGHTS[number % WEIGHTS.length]);
          high = 0;
        } else high = high * OTHER + digit - LAST + 1;
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
      words.forEach((word, i) => {
        // Neither spelling nor form change a word's first letter.
        const akin = word[0] === token[0];
        const grade = akin && form(i) === normal ? WHOLE
          : akin && (word.startsWith(token) || spelling(i).startsWith(spelled)) ? PREFIX
          : word.includes(token) ? PART : 0;
        if (grade) found.push([i, grade]);
        best = Math.max(best, grade);
      });
      const most = token.length > 7 ? 2 : token.length > 3 ? 1 : 0;
      if (best < PREFIX && most) {
        const own = letters(spelled);
        words.forEach((_, i) => {
          const missed = lacking(own, bits(i));
          if (missed <= most && lacking(bits(i), own) <= most && near(spelled, spelling(i), most)
            || missed < 2 && token.length > 4
              && near(spelled, spelling(i).slice(0, token.length), 1)) {
            found.push([i, TYPO]);
          }
        });
      }
      return found;
    };
    const tokens = query => {
      const all = (plain(query).match(WORDS) || []).flatMap(word => word.split(HYPHEN));
      const large = all.filter(word => !SMALL.has(word));
      return (large.length ? large : all).flatMap(token => {
        if (meant(token).length) return token;
        // Two words that were written as one.
        for (let at = 3; at < token.length - 2; at++) {
          const two = [token.slice(0, at), token.slice(at)];
          if (two.every(word => exact.has(word))) return two;
        }
        return token;
      });
    };

    return {
      // Returns the notes that have all words of a query, best first, each with the least weight
      // that one of the words has there; and the words to mark.
      find(query) {
        const wanted = tokens(query), marked = new Set();
        const sums = new Float64Array(count), worst = new Float64Array(count).fill(Infinity);
        const named = new Float64Array(count), least = new Float64Array(count).fill(Infinity);
        for (const token of wanted) {
          const best = new Float64Array(count), found = meant(token);
          const whole = found.some(([, grade]) => grade >= PREFIX);
          for (const [i, grade] of found) {
            if (!whole || grade >= PREFIX) marked.add(words[i]);
            each(i, (note, weight) => {
              const value = grade * STEP + weight;
              if (value > best[note]) best[note] = value;
            });
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
          const parts = named[note] ? ids[note].match(WORDS).length : 1;
          score[note] = worst[note] * 1e4 + sums[note] + 8 * named[note] / parts;
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
