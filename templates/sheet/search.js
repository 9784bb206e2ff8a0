// What is meant by a few words: whole words before parts of words, titles before answers before
// details; plural and spelling do not matter, a slip of the finger does not either.
const makeIndex = (() => {
  "use strict";
  const TYPO = 1, PART = 2, PREFIX = 3, WHOLE = 4, STEP = 16, JOINED = 8;
  // As in search_index.py.
  const WEIGHTS = [9, 8, 6, 4, 2, 1], FIRST = 61, LAST = 40, OTHER = 26;
  const JOINT = /[-‐‑’'ʼ\u05be\u00ad\u200b-\u200d\u2060]/, SUFFIX = /(?:\+\+|#)$/;
  const SIGN = "[\\p{L}\\p{N}\\p{M}]", SYMBOL = "(?![\\x00-\\x7f])[\\p{Sm}\\p{So}]";
  const WORDS = RegExp(
    `${SIGN}+(?:${JOINT.source}+${SIGN}+)*(?:(?:\\+\\+|#)(?!${SIGN}))?|${SYMBOL}`, "gu");
  // Marks that a reader may leave out; those of other scripts are letters of their own.
  const MARKS = /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u093c\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+/g;
  const SAME = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ς: "σ",
    "\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a", "\u0629": "\u0647", "\u06a9": "\u0643" };
  const ZEROS = [0x660, 0x6f0, 0x966, 0xe50];
  const VARIED = RegExp(
    `[${Object.keys(SAME).join("")}${ZEROS.map(zero => String.fromCharCode(zero, 45, zero + 9)).join("")}]`, "g");
  const GREEK = Object.fromEntries(("α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta"
    + " κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho σ sigma τ tau φ phi χ chi ψ psi ω omega")
    .match(/\S+ \S+/g).flatMap(pair => [pair.split(" "), pair.split(" ").reverse()]));
  const SMALL = new Set(("a an and are as at be by do does for how i in is it of on or the to vs was"
    + " what when which who why with you your").split(" "));
  // Of a question, what its answer need not say.
  const ASIDE = new Set(("about between can compare define derive describe did difference explain"
    + " from give handle happen happens has have if me should tell that there this use used using"
    + " versus we were would work works write").split(" "));
  const MOST = 40;

  const digit = sign => sign.charCodeAt() - ZEROS.findLast(zero => zero <= sign.charCodeAt());
  const plain = text => /^[\x00-\x7f]*$/.test(text) ? text.toLowerCase()
    : text.normalize("NFKD").replace(MARKS, "").toLowerCase()
      .replace(VARIED, sign => SAME[sign] ?? digit(sign));
  // The words of a piece of text, each in its pieces.
  const divide = found => (plain(found).match(WORDS) || [])
    .map(word => word.split(JOINT).filter(Boolean)).filter(pieces => pieces.length);
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
  const respell = word => VARIES.test(word) ? american(word) : word;
  // Only the end of a word changes: all but the last letter of what is left begins the word.
  const stem = word => word
    .replace(/(?<=[a-z]{2})ies$/, "y").replace(/(?<=ss|x|ch|sh)es$/, "")
    .replace(/(?<=[a-z]{2}[^siu])s$/, "").replace(/(?<=[a-z]{3}iz)ation$/, "")
    .replace(/(?<=[a-z]{4})(?:ing|ed)$/, "").replace(/([b-df-hj-kmnp-rt-v])\1$/, "$1")
    .replace(/(?<=[a-z]{4})e$/, "");

  // The search in an index: `ids` of the notes; `words`; `look(token)` returns the numbers of the
  // words that one may mean, each with a grade; `wholes(token)` those of which it is a form;
  // `each(i, tell)` calls back with each note that a word is in, and its weight there.
  const searcher = ({ ids, words, look, wholes, has, each }) => {
    const count = ids.length, known = new Map();
    // What a word of a query counts in each note, and the words to mark for it.
    const meant = token => {
      if (!known.has(token)) {
        const best = new Uint8Array(count), found = look(token), marks = [];
        const whole = found.some(([, grade]) => grade >= PREFIX);
        for (const [i, grade] of found) {
          if (!whole || grade >= PREFIX) marks.push(words[i]);
          each(i, (note, weight) => {
            const value = grade * STEP + weight;
            if (value > best[note]) best[note] = value;
          });
        }
        known.set(token, { best, marks, any: found.length > 0 });
      }
      return known.get(token);
    };
    // The words of a query that are asked for; pairs of them that may be written as one.
    const read = query => {
      const all = [], pairs = [];
      for (const found of query.match(WORDS) || []) {
        for (const pieces of divide(found)) {
          if (pieces.length > 2) pairs.push([pieces.join(""), all.length, all.length + pieces.length]);
          all.push(...pieces.map(piece => has(piece) ? piece : piece.replace(SUFFIX, "")));
        }
      }
      all.forEach((token, i) => i && pairs.push([all[i - 1] + token, i - 1, i + 1]));
      const large = all.filter(token => !SMALL.has(token));
      const firm = large.filter(token => !ASIDE.has(token));
      const asked = firm.length ? firm : large.length ? large : all;
      const wanted = [...new Set(asked)].slice(0, MOST).flatMap(token => {
        if (meant(token).any) return token;
        // Two words that were written as one.
        for (let at = 3; at < token.length - 2; at++) {
          const two = [token.slice(0, at), token.slice(at)];
          if (two.every(has)) return two;
        }
        return token;
      });
      const joined = pairs.slice(0, MOST).flatMap(([token, from, to]) => {
        const found = wholes(token);
        return found.length ? [[found, all.slice(from, to)]] : [];
      });
      return { wanted, joined, aside: [...new Set(large)].filter(token => !asked.includes(token)) };
    };

    return {
      // Returns the notes that have all words of a query, best first, or, where there are none, those
      // that have the most of them; each with the least weight that one of the words has there; the
      // words to mark; and whether all words were found.
      find(query) {
        const { wanted, joined, aside } = read(query), marked = new Set();
        const sums = new Float64Array(count), worst = new Uint8Array(count).fill(WHOLE);
        const named = new Uint8Array(count), least = new Float64Array(count).fill(Infinity);
        const values = new Map();
        for (const token of wanted) {
          const { best, marks } = meant(token);
          for (const word of marks) marked.add(word);
          values.set(token, best);
        }
        // Where two words are written as one, both are whole there.
        for (const [found, tokens] of joined) {
          const told = new Uint8Array(count), own = tokens.filter(token => values.has(token));
          for (const token of own) values.set(token, values.get(token).slice());
          for (const i of found) {
            if (own.length) marked.add(words[i]);
            each(i, (note, weight) => {
              if (!told[note]++) sums[note] += JOINED;
              for (const token of own) {
                const best = values.get(token);
                best[note] = Math.max(best[note], WHOLE * STEP + weight);
              }
            });
          }
        }
        const shares = new Float64Array(count), having = new Uint8Array(count);
        for (const token of wanted) {
          const best = values.get(token);
          const share = Math.log(1 + count / (1 + best.reduce((sum, value) => sum + (value > 0), 0)));
          for (let note = 0; note < count; note++) {
            const value = best[note], weight = value % STEP;
            sums[note] += value;
            worst[note] = Math.min(worst[note], value >> 4);
            if (!value) continue;
            if (weight < least[note]) least[note] = weight;
            named[note] += weight === 9;
            shares[note] += share * (value >> 4);
            having[note] += value >> 4 >= PREFIX;
          }
        }
        for (const token of aside) {
          const { best } = meant(token);
          for (let note = 0; note < count; note++) sums[note] += best[note] / STEP;
        }
        let order = [];
        if (wanted.length) for (let note = 0; note < count; note++) if (worst[note]) order.push(note);
        const whole = order.length > 0;
        if (!whole) {
          // The rarer a word is, the more it says.
          const most = wanted.length && shares.reduce((a, b) => Math.max(a, b), 0);
          for (let note = 0; note < count; note++) {
            if (most && having[note] * 3 >= wanted.length && shares[note] > 0.6 * most) order.push(note);
          }
        }
        const score = new Float64Array(count);
        for (const note of order) {
          const parts = named[note] ? ids[note].match(WORDS)[0].split("-").length : 1;
          score[note] = (whole ? worst[note] * 1e4 : shares[note] * 1e3)
            + sums[note] + JOINED * named[note] / parts;
        }
        order.sort((a, b) => score[b] - score[a] || a - b);
        return { order, least, marked, whole };
      },
      // Calls back with start and end of each word in a text that is among the marked.
      each(text, marked, tell) {
        const has = found => divide(found).some(pieces => marked.has(pieces.join(""))
          || pieces.some(piece => marked.has(piece) || marked.has(piece.replace(SUFFIX, ""))));
        for (const { 0: found, index } of text.matchAll(WORDS)) {
          if (!JOINT.test(found)) {
            if (has(found)) tell(index, index + found.length);
            continue;
          }
          if (divide(found).some(pieces => marked.has(pieces.join("")))) {
            tell(index, index + found.length);
            continue;
          }
          let start = index;
          for (const part of found.split(JOINT)) {
            if (has(part)) tell(start, start + part.length);
            start += part.length + 1;
          }
        }
      },
    };
  };

  // `written` is what search_index.py writes; `ids` are those of the notes.
  return (written, ids) => {
    const exact = new Map(), words = [], lines = [], shared = [], ranges = new Map(), starts = [];
    const [names, ...rows] = written.split("\n");
    // The place among `ids` of each note of the index; an own page may have others, too.
    const places = new Map(ids.map((id, i) => [id, i]));
    const held = names.split(" ").map(name => places.get(name));
    let before = "", length = 0;
    for (const line of rows) {
      const end = line.indexOf(" "), common = line.charCodeAt() - FIRST, i = words.length;
      const word = before.slice(0, common) + line.slice(1, end);
      if (word[0] !== before[0]) ranges.set(word[0], [i, i]);
      ranges.get(word[0])[1]++;
      exact.set(before = word, i);
      words.push(word);
      lines.push(line);
      shared.push(common);
      starts.push(length);
      length += word.length + 1;
    }
    starts.push(length);
    const text = words.join("\n");
    // How a word is spelled and what it is a form of: found out when first asked for.
    const spellings = [], stems = [];
    const spelling = i => spellings[i] ??= respell(words[i]);
    const form = i => stems[i] ??= stem(spelling(i));
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
    // Neither spelling nor form change a word's first letter.
    const range = token => ranges.get(token[0]) || [0, 0];
    const wholes = token => {
      const normal = stem(respell(token)), begin = normal.slice(0, -1), found = [];
      for (let [i, end] = range(token); i < end; i++) {
        if (spelling(i).startsWith(begin) && form(i) === normal) found.push(i);
      }
      const also = exact.get(GREEK[token]);
      if (also !== undefined) found.push(also);
      return found;
    };

    // The words that are at most `most` slips from a token (a letter more, less, other, or two
    // exchanged), or begin with what is one slip from it. Words that begin alike share the rows of
    // the table of distances, for they are sorted.
    const slips = (token, most) => {
      const spelled = respell(token), n = spelled.length, found = [];
      const longest = Math.max(n + most, token.length), table = [];
      for (let d = 0; d <= longest; d++) table.push(new Uint8Array(n + 1).fill(d));
      for (let j = 0; j <= n; j++) table[0][j] = j;
      const fill = (word, d) => {
        const row = table[d], last = table[d - 1], sign = word[d - 1], former = word[d - 2];
        let least = d;
        for (let j = 1; j <= n; j++) {
          const letter = spelled[j - 1];
          let value = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter !== sign));
          if (d > 1 && j > 1 && letter === former && spelled[j - 2] === sign) {
            value = Math.min(value, table[d - 2][j - 2] + 1);
          }
          row[j] = value;
          if (value < least) least = value;
        }
        return least <= most;
      };
      // Whether a word is near, with `ready` rows done. What begins with its first `same` letters is
      // as near as it is.
      let ready = 0, same = Infinity, close = false;
      const walk = word => {
        const end = Math.min(word.length, longest);
        same = Infinity;
        while (ready < end) {
          if (!fill(word, ++ready)) {
            same = ready;
            return false;
          }
          if (ready === token.length && ready > 4 && table[ready][n] < 2) {
            same = ready;
            return true;
          }
        }
        return word.length <= longest && table[word.length][n] <= most;
      };
      for (let i = 0; i < words.length; i++) {
        ready = Math.min(ready, shared[i]);
        if (ready < same) close = walk(words[i]);
        if (close && spelling(i) === words[i]) found.push(i);
      }
      for (let i = 0; i < words.length; i++) {
        if (spelling(i) === words[i]) continue;
        ready = 0;
        if (walk(spelling(i))) found.push(i);
      }
      return found;
    };
    const look = token => {
      const spelled = respell(token), [from, to] = range(token), found = [];
      const same = new Set(wholes(token));
      let best = same.size ? WHOLE : 0;
      for (const i of same) found.push([i, WHOLE]);
      for (let i = from; i < to; i++) {
        if (same.has(i)) continue;
        if (words[i].startsWith(token) || spelling(i).startsWith(spelled)) found.push([i, PREFIX]);
      }
      if (found.length && best < PREFIX) best = PREFIX;
      // Every note has some word with a letter in it.
      if (best >= PREFIX && /^[a-z\d]$/.test(token)) return found;
      const there = new Set(found.map(([i]) => i));
      for (let at = text.indexOf(token), i = 0; at >= 0; at = text.indexOf(token, at)) {
        for (let high = words.length, low = i; low < high;) {
          const middle = low + high >> 1;
          if (starts[middle + 1] > at) high = middle;
          else low = middle + 1;
          i = low;
        }
        if (!there.has(i)) found.push([i, PART]);
        at = starts[i + 1];
      }
      const most = token.length > 7 ? 2 : token.length > 3 ? 1 : 0;
      if (best < PREFIX && most) {
        for (const i of slips(token, most)) found.push([i, TYPO]);
      }
      return found;
    };
    return searcher({ ids, words, look, wholes, has: word => exact.has(word), each });
  };
})();
