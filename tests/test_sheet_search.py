"""The search of the HTML sheet in a real browser, on a small deck and on the real one."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser import Sheet
from deckpress import load
from real_deck import RealDeck
from sheet_deck import write_deck, write_sheet

REPOSITORY = Path(__file__).parents[1]
CARDS = """\
# How does a network behave? {#behave}

Its behaviour varies. It is about the process of learning.

Then the colour of the centre matters, and a modelled dropout.

| Left | Right |
|--|--|
| weights | norms |

## Pitfalls

None of the zebras.

# What does dropout do? {#dropout}

It drops units.

# What is the bias-variance trade-off? {#bias-variance}

Flexible models vary more.

# Which units does droplet count? {#droplet}

Some of them. ROC is not asked for, nor is analysing.

# What is the area under a ROC curve? {#roc}

A probability, $P(x > \\sqrt{y})$.
"""

SCRIPTS = """\
---
tags: [größe]
---
# Größe, naïveté, İstanbul, ΟΔΥΣΣΕΥΣ, ﬁne ½ ² ① Ⅷ {#case}

STRASSE straße ǅ ꭰ 𐐀𐐨 𝐀𝛃 ｆｕｌｌ snake_case_word __init__ x-ray’s e-mail‑list rock'n'roll.

It weighs 3.5 kg; a_{b} \\<b> & &amp; &lt;script&gt; no-op-at-all don’t.

# Words in عَرَبِيٌّ and עִבְרִית {#marks}

مُتَعَلِّم الآلة ٱلْعَرَبِيَّة ؟ שָׁלוֹם עולם हिन्दी में प्रश्न ไทยภาษา བོད་ཡིག e\u0301te\u0301 a\u030a\u0323.

# 機械学習の質問は何ですか {#cjk}

過学習 とは ガ か\u3099 한국어 조합 中文分词问题，以及标点。🤖👩‍🔬 text.

# Ends a script \\</script>\\<!--\\<script> early? {#ends}

`</script>` and `<!--` and `<script>alert(1)</script>`, `]]>`.

![An alt of "quotes" & <tags>.](blue.svg)

## Pitfalls

Only $x < \\frac{\\alpha}{y}$ and `a<b>c`.

> [!NOTE]
> A **bo**ld *it*alic `co`de [li](https://example.com)nk wordagain.

# Between formulas and words {#formulas}

So a$x$b and co-$y$-c and ($z$), $\\operatorname{softmax}(QK^T)$.

$$
\\mathcal{L}(\\theta) = \\sum_{i=1}^{n} \\log p(y_i \\mid x_i; \\theta) + \\lambda \\lVert \\theta \\rVert^2 + \\mu
$$

# A cloze {#cloze}

The {{c1::answer::hint<i>}} is $y = {{c2::\\beta}}$ in {{c3::größter}} Eile.
"""


OWN_PAGE = """\
{% extends "shipped/sheet/sheet.html.j2" %}
{% block title %}
<!-- <article class="note" id="dropout">In a comment</article> -->
<aside class="note" id="roc-1"><h3>Note of the page</h3> zebra</aside>
<aside class="note" id="welcome"><h3>Welcome</h3> zebra</aside>
<template><article class="note" id="droplet">In a template</article></template>
<SCRIPT type="text/plain"><article class="note" id="roc">In a script</article></SCRIPT>
{% endblock %}
{% block note %}
<ARTICLE
  tabindex='-1' title="a > b" data-kind = '{{ note.kind }}'	data-category={{ note.facts.category }}
  ID={{ note.id }} data-tag="&lt;{{ note.facts.tag }}&gt;"
  CLASS='kind-{{ note.kind }}
    &#110;ote'>
<H3 data-do=fold>{{ note.question }}</H3><BR><hr/>
<div class=filler /><span class="note" id="{{ note.id }}-2">Within {{ note.id }}</span></div>
<DETAILS open class = "answer"><Summary>Answer</Summary><DIV Class=short>{{ note.answer }}</DIV></DETAILS>
<details class='more'><summary>More</summary>
<div class="rest">{{ note.details }}{% for name, text in note.sections %}{{ text }}{% endfor %}</div></details>
<svg width=1 height=1><path d="M0 0"/><text>drawn</text></svg>
</ARTICLE>
{% endblock %}
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sheet whose words are alike."""
    return write_deck(tmp_path_factory.mktemp("search") / "cards", {"one/a.md": CARDS})


@pytest.fixture(scope="module")
def real_path(real_deck: RealDeck) -> Path:
    """Return the sheet of the deck of this repository."""
    return real_deck.export("html")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sheet in many scripts."""
    folder = tmp_path_factory.mktemp("scripts") / "cards"
    return write_deck(folder, {"one/a.md": MANY_SCRIPTS})


@pytest.fixture
def sheet(chromium: Browser, path: Path) -> Iterator[Sheet]:
    """Return the open sheet."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    opened = Sheet(context.new_page(), path).open()
    yield opened
    assert opened.complaints == []
    context.close()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dropout", ["dropout", "behave"]),
        ("droput", ["dropout", "behave"]),
        ("drop", ["dropout", "droplet", "behave"]),
        ("bias variance tradeoff", ["bias-variance"]),
        ("trade off of variance and bias", ["bias-variance"]),
        ("tradeoff variance", ["bias-variance"]),
        ("behavior", ["behave"]),
        ("color center", ["behave"]),
        ("modeled", ["bias-variance", "behave"]),
        ("analyzing", ["droplet"]),
        ("roc", ["roc", "droplet", "behave"]),
        (r"\sqrt", ["roc"]),
        ("zebra", ["behave"]),
        ("units dropout", ["dropout"]),
        ("norm weight", ["behave"]),
        ("xyzzy", []),
    ],
)
def test_what_is_meant_is_found_first(sheet: Sheet, words: str, found: list[str]) -> None:
    """Whole words before parts, questions before answers; slips, order and spelling forgiven."""
    assert sheet.search(words) == found


def test_hits_are_marked_and_unfolded(sheet: Sheet) -> None:
    """A hit in folded details opens them; when the search is over, they fold again."""
    marked = "[...CSS.highlights.get('hit')].map(range => String(range))"
    assert not sheet.shows("#behave .pitfalls")
    sheet.search("zebra")
    assert sheet.shows("#behave .pitfalls")
    assert sheet.run(marked) == ["zebras"]
    sheet.search("tradeoff")
    assert sheet.run(marked) == ["trade-off"]
    sheet.search("trade off")
    assert sheet.run(marked) == ["trade-off"]
    sheet.search("norms")
    assert sheet.run(marked) == ["norms"]
    sheet.search(r"\sqrt")
    assert sheet.page.locator("#roc [data-tex].hit").count() == 1
    sheet.search("")
    assert not sheet.shows("#behave .pitfalls")
    assert sheet.run(marked) == []
    assert sheet.ids() == ["behave", "dropout", "bias-variance", "droplet", "roc"]


def test_the_page_scrolls_to_the_first_hit(chromium: Browser, real_path: Path) -> None:
    """Wherever the page stood, the note that was found first is at the top of the window."""
    sheet = Sheet(chromium.new_page(viewport={"width": 1280, "height": 900}), real_path).open()
    sheet.run("scrollTo(0, 20000)")
    first = sheet.search("dropout")[0]
    assert first == "dropout"
    box = sheet.page.locator(f"#{first}").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 400
    sheet.page.close()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("bias variance tradeoff", {"bias-variance-decomposition", "bias-variance-levers"}),
        ("droput", {"dropout"}),
        ("behaviour story", {"behavioral-story-bank"}),
        ("l1 l2", {"l1-vs-l2"}),
        ("roc auc", {"roc-auc-meaning"}),
    ],
)
def test_the_real_deck_is_found(
    chromium: Browser, real_path: Path, words: str, first: set[str]
) -> None:
    """What one would type the night before leads to the note that one means."""
    sheet = Sheet(chromium.new_page(viewport={"width": 1280, "height": 900}), real_path).open()
    assert sheet.search(words)[0] in first
    sheet.page.close()


SEARCH = Path(__file__).parents[1] / "templates/sheet/search.js"

COMPARED = """(make => queries => {
    %s
    const notes = document.querySelectorAll(".sheaf .note[id]:not(.note *)");
    const read = readPage(), ids = [...notes].map(el => el.id);
    const written = make(document.querySelector("#_index").textContent, ids);
    const told = (index, query) => {
        const { order, least, marked, whole } = index.find(query);
        return JSON.stringify([order, order.map(i => least[i]), [...marked].sort(), whole]);
    };
    queries = [...queries, ...ids];
    if (!queries.includes("*")) queries.push(...read.words);
    return queries.flatMap(query => {
        const [first, second] = [told(read, query), told(written, query)];
        return first === second ? [] : [[query, first, second]];
    });
})(makeIndex)"""


def compare(sheet: Sheet, queries: list[str]) -> list[list[str]]:
    """Return where the index finds something else than a search that reads the page.

    All words of the page are asked for, too, unless a query is "*".
    """
    own = (Path(__file__).parent / "search_in_page.js").read_text(encoding="utf-8")
    words, mark, _ = SEARCH.read_text(encoding="utf-8").partition("  // `written` is what")
    assert mark
    script = COMPARED % (words + own)
    differences: list[list[str]] = sheet.page.evaluate(script, queries)
    return differences


MANY_SCRIPTS = """\
# Wie misst man die Größe einer Straße? {#german}

Überfitten heißt Auswendiglernen.

# Isı nasıl ölçülür, İstanbul'da? {#turkish}

Ağırlık ve ölçek.

# ما هو الشَّبَكة العصبية في التعلّم؟ {#arabic}

أوزان ١٢ طبقة ومصفوفة إلى آخر مـــدى.

# می‌شود یادگیری چیست {#persian}

کتاب.

# מהי רשת נוירונים? {#hebrew}

שִׁכְבָה־עליונה.

# ที่ว่าการเรียนรู้ {#thai}

ภาษาไทยไม่มีช่องว่าง

# किताब क्या है {#hindi}

दिन और दान अलग हैं।

# 過学習とは何ですか {#chinese}

ガンとカンは違う。データ拡張。

# 한국어 학습 {#korean}

과적합을 막는다.

# Чому м’яч? {#ukrainian}

Обʼєкт.

# Trans­formers and C++, C# and ﬁne études {#soft}

A 😀, a 👩‍🔬, x ≤ y, and ℓ2; K-means and a p-value; kneighbours.

# What is the learning rate of Adam? {#adam}

$\\sigma$ and dropout are regularized.
"""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("GROSSE", ["german"]),
        ("strasse", ["german"]),
        ("grösse", ["german"]),
        ("uberfitten", ["german"]),
        ("isi", ["turkish"]),
        ("ISI", ["turkish"]),
        ("istanbulda", ["turkish"]),
        ("agirlik", ["turkish"]),
        ("الشبكه", ["arabic"]),
        ("اوزان 12", ["arabic"]),
        ("مدى", ["arabic"]),
        ("الي", ["arabic"]),
        ("ميشود", ["persian"]),
        ("ياد", ["persian"]),
        ("كتاب", ["persian"]),
        ("שכבה", ["hebrew"]),
        ("เรียนรู้", ["thai"]),
        ("ไม่มี", ["thai"]),
        ("किताब", ["hindi"]),
        ("दिन", ["hindi"]),
        ("दीन", []),
        ("学習", ["chinese"]),
        ("ｶﾞﾝ", ["chinese"]),
        ("バン", []),
        ("データ", ["chinese"]),
        ("과적합", ["korean"]),
        ("м'яч", ["ukrainian"]),
        ("об’єкт", ["ukrainian"]),
        ("transformer", ["soft"]),
        ("fine étude", ["soft"]),
        ("étude", ["soft"]),
        ("ＫＭＥＡＮＳ", ["soft"]),
        ("c++", ["soft"]),
        ("C#", ["soft"]),
        ("😀", ["soft"]),
        ("👩", ["soft"]),
        ("≤", ["soft"]),
        ("l2", ["soft"]),
        ("k means", ["soft"]),
        ("kmeans", ["soft"]),
        ("k–means", ["soft"]),
        ("pvalue", ["soft"]),
        ("k neighbors", ["soft"]),
        ("sigma", ["adam"]),
        ("σ", ["adam"]),
        (r"\sigma", ["adam"]),
        ("learningrate", ["adam"]),
        ("drop out", ["adam"]),
        ("regularisation", ["adam"]),
        ("Explain how the learning rate works", ["adam"]),
        ("what is the best learning rate schedule for Adam?", ["adam"]),
        ("learning qwrtz", ["adam"]),
        ("???", []),
        ('"', []),
        ("qwrtz", []),
    ],
)
def test_all_scripts_are_searched(
    chromium: Browser, scripts: Path, words: str, found: list[str]
) -> None:
    """Accents, marks, width, spelling and small words may be left out; letters may not."""
    sheet = Sheet(chromium.new_page(), scripts).open()
    assert sheet.search(words) == found
    assert sheet.complaints == []
    sheet.page.close()


def test_many_scripts_are_indexed(chromium: Browser, scripts: Path) -> None:
    """In other scripts, too, the index finds what reading the page finds."""
    dice = random.Random(3)
    sheet = Sheet(chromium.new_page(), scripts).open()
    words = re.findall(r"[^\s.,]+", MANY_SCRIPTS)
    assert compare(sheet, misspell(dice.choices(words, k=100), dice)) == []
    sheet.page.close()


def test_words_typed_while_the_page_loads(chromium: Browser, path: Path) -> None:
    """Whoever types before the script runs has typed for it."""
    page = chromium.new_page()
    page.add_init_script(
        "document.addEventListener('readystatechange', () => {"
        " if (document.readyState === 'interactive') document.querySelector('#_q').value = 'zebra';"
        "})"
    )
    sheet = Sheet(page, path).open()
    assert sheet.ids() == ["behave"]
    assert sheet.open("#dropout").ids() == ["behave"]
    assert sheet.page.input_value("#_q") == "zebra"
    page.close()


def test_a_page_of_text_is_pasted(sheet: Sheet) -> None:
    """A pasted text finds what has most of its words, which is told, and takes no time."""
    asked = (
        "How would you explain to a colleague\nwhy dropout drops units while weights do not vary?"
    )
    assert sheet.search(asked)[0] == "dropout"
    assert sheet.run("document.querySelector('#_most').getBoundingClientRect().top") >= 0
    assert sheet.text("#_most") == "No note matches all of this."
    assert sheet.search("zebra roc") == ["behave"]
    assert not sheet.shows("#_most")
    assert sheet.search("zebra bias") == ["bias-variance", "behave"]
    assert sheet.shows("#_most")
    assert sheet.search("dropout units")
    assert not sheet.shows("#_most")
    dice = random.Random(4)
    long = " ".join("".join(dice.choices("abcdefghij", k=9)) for _ in range(20_000))
    assert sheet.search(f"dropout {long}") == []
    assert sheet.shows("#_none")
    assert not sheet.shows("#_most")


def misspell(words: list[str], dice: random.Random) -> list[str]:
    """Return words begun, cut, misspelled, joined and put together."""
    found = []
    for word in words:
        at = dice.randrange(len(word))
        found += [word[: at + 1], word[at:], word[:at] + word[at + 1 :], word.upper()]
        found += [word[:at] + dice.choice("aeinrst") + word[at:], word + dice.choice(words)]
        found += [word[:at] + dice.choice("aeinrst") + word[at + 1 : at + 5]]
        found += [word[:at] + word[at:][1::-1] + word[at + 2 :]]
        found += [f"{word} {dice.choice(words)}", f"the {word}-{dice.choice(words)}"]
    return found


def test_the_index_finds_what_reading_finds(
    chromium: Browser, path: Path, tmp_path: Path, real_path: Path
) -> None:
    """In the deck, in other scripts, in markup: the same notes, in order, with the same marks."""
    dice = random.Random(2)
    figure = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>'
    files = {"one/a.md": SCRIPTS, "one/blue.svg": figure}
    hostile = write_deck(tmp_path / "cards", files)
    for file, count in ((path, 60), (hostile, 200), (write_sheet(tmp_path / "small"), 60)):
        sheet = Sheet(chromium.new_page(), file).open()
        words = re.findall(r"\w+", SCRIPTS if file is hostile else CARDS)
        queries = [*misspell(dice.choices(words, k=count // 8 + 1), dice), r"\sqrt", "<b>", "-", ""]
        assert compare(sheet, queries) == []
        assert sheet.search("wordagain" if file is hostile else "a")
        assert sheet.complaints == []
        sheet.page.close()
    sheet = Sheet(chromium.new_page(), real_path).open()
    words = dice.choices(re.findall(r"\w+", str(sheet.run("document.body.innerText"))), k=25)
    assert compare(sheet, ["*", *misspell(words, dice)]) == []
    sheet.page.close()


def test_a_deck_may_write_its_notes_otherwise(chromium: Browser, tmp_path: Path) -> None:
    """However a deck's own page writes its notes, and whatever it shows besides: they are found."""
    files = {"one/a.md": CARDS, "templates/sheet/sheet.html.j2": OWN_PAGE}
    sheet = Sheet(chromium.new_page(), write_deck(tmp_path / "cards", files)).open()
    assert compare(sheet, ["zebra", "drawn", "within", "behave 2"]) == []
    assert sheet.search("zebra") == ["behave"]
    assert sheet.search("droput") == ["dropout", "behave"]
    assert sheet.choose("category", "one") == ["dropout", "behave"]
    assert sheet.search("") == ["behave", "dropout", "bias-variance", "droplet", "roc"]
    assert sheet.text("#_count") == "5 of 5 notes: First Part"
    assert sheet.complaints == []
    sheet.page.close()


@pytest.mark.parametrize("width", [375, 1280])
def test_deep_links_land_exactly(chromium: Browser, real_path: Path, width: int) -> None:
    """Thirty notes from all over the deck: at the top, right below the bar, and in the address."""
    page = chromium.new_page(viewport={"width": width, "height": 800})
    sheet = Sheet(page, real_path).open()
    ids = [
        str(name)
        for name in sheet.run("[...document.querySelectorAll('article.note')].map(n => n.id)")
    ]
    step = max(1, len(ids) // 29)
    chosen = [*ids[::step][:29], ids[-1]]
    off = {}
    for index, name in enumerate(chosen):
        if index % 5 == 0:
            sheet.open(f"#{name}")
        else:
            sheet.run(f"location.hash = '#{name}'")
        sheet.wait(f"document.activeElement.id === '{name}'")
        gap = (
            f"document.getElementById('{name}').getBoundingClientRect().top"
            " - document.querySelector('.bar').getBoundingClientRect().bottom"
            " - parseFloat(getComputedStyle(document.documentElement).fontSize) / 2"
        )
        sheet.page.wait_for_timeout(400)
        if abs(distance := sheet.run(gap)) > 2:
            off[name] = distance
        assert sheet.page.url.endswith(f"#{name}")
    assert off == {}
    sheet.page.close()


def test_a_word_with_readings_is_found_as_written_and_as_read(
    chromium: Browser, tmp_path: Path
) -> None:
    """Furigana part neither what they stand above nor themselves; elsewhere they are in brackets."""
    food = "<ruby>食<rt>た</rt></ruby>べ<ruby>物<rp>(</rp><rt>もの</rt></ruby>"
    cards = f"# {food} {{#food}}\n\nFood.\n\n# How to say *to eat*? {{#eat}}\n\n{food[:26]}べる\n"
    file = write_deck(tmp_path / "cards", {"one/a.md": cards})
    sheet = Sheet(chromium.new_page(), file).open()
    for words in ("食べ物", "たべもの", "食べ", "たべ"):
        assert "food" in sheet.search(words), words
    assert "eat" in sheet.search("食べる")
    assert "eat" in sheet.search("たべる")
    assert sheet.search("食た") == []
    assert sheet.complaints == []
    sheet.page.close()
    assert load(tmp_path / "cards").collection.notes[0].question == "食(た)べ物(もの)"
