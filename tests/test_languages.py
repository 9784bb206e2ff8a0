"""Decks in Arabic, Chinese and Spanish: what is said, how it runs, and that no progress is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from anki_collection import RealAnki
from browser import Sheet
from conftest import DECK_YAML, Sources
from deckpress.decks.release import select
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.typeset import typeset_fonts, typst_files
from deckpress.markup.direction import runs_rightwards, text_direction
from deckpress.markup.typesetter import Typesetter
from deckpress.markup.typst import Setting, write_typst
from deckpress.pipeline.load import load
from deckpress.text.characters import tie_signs
from deckpress.text.problem import SourceError
from deckpress.tree.node import Node
from pdf_reader import Pdf, squeeze
from sounds import MP3

DECK = """\
title: {title}
slug: deck
language: {language}
categories: [{{slug: one, name: {category}}}]
allow: [missing-glyphs, typewriter-letters]
"""
ARABIC = """\
---
checked: 2026-01-02
---
# ما هو فرط التخصيص؟ {#overfit difficulty=easy}

هو أن يحفظ النموذج بياناته، أي أن $L \\ll T$ مع `decay=0`.

> [!WARNING]
> لا تقِس الأداء على بيانات التدريب.

- أوزان كبيرة

## Pitfalls

خلطه مع نقص التخصيص.

# PCA: ماذا يحفظ؟ {#pca difficulty=hard}

PCA يحفظ الاتجاهات.

# What is bias? {#english language=en}

An error of the model.

# املأ {#cloze}

عاصمة مصر {{c1::القاهرة::مدينة}}.
"""
CHINESE = """\
# 什么是过拟合？ {#overfit difficulty=medium}

模型记住了训练数据。

> [!TIP]
> 增加数据。

## Hint

想想新数据。
"""
SPANISH = """\
# ¿Cómo se dice «dog»? {#dog}

el perro ![perro](perro.mp3)

## Follow-ups

¿Y el plural?
"""
RIGHT_BORDER = (
    "el => getComputedStyle(el).borderRightWidth + ' ' + getComputedStyle(el).borderLeftWidth"
)


@pytest.fixture
def write(sources: Sources) -> Callable[..., Sources]:
    """Return what writes a deck in a language."""

    def fill(language: str, cards: str, title: str = "Deck", category: str = "One") -> Sources:
        deck = DECK.format(language=language, title=title, category=category)
        sources.write("deck.yaml", deck)
        sources.write("one/cards.md", cards)
        sources.write("one/perro.mp3", MP3)
        return sources

    return fill


@pytest.fixture
def arabic(write: Callable[..., Sources]) -> Sources:
    return write("ar", ARABIC, "تعلّم الآلة", "الأساسيات")


def opened(chromium: Browser, path: Path, width: int = 1200) -> Sheet:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    return Sheet(page, path).open()


def direction(sheet: Sheet, selector: str) -> str:
    found: str = sheet.run(f"getComputedStyle(document.querySelector('{selector}')).direction")
    return found


def test_an_arabic_sheet_runs_from_right_to_left(arabic: Sources, chromium: Browser) -> None:
    """Page, texts, bars and contents; code and formulas, and a note in English, do not."""
    sheet = opened(chromium, arabic.build(formats=["html"]))
    assert sheet.run("document.documentElement.lang") == "ar"
    sheet.page.click("[value=all]")
    for selector in (
        "body",
        "#overfit h3",
        "#overfit .short",
        "#overfit li",
        "#pca h3",
        "#pca .short",
    ):
        assert direction(sheet, selector) == "rtl", selector
    for selector in (
        "#overfit .short code",
        "#overfit .short [data-tex]",
        "#english h3",
        "#english .short",
    ):
        assert direction(sheet, selector) == "ltr", selector
    assert sheet.run("document.querySelector('#english').lang") == "en"
    for selector, widths in (
        ("#overfit", "4px 1px"), ("#overfit .short", "3px 0px"), ("#english .short", "0px 3px"),
        ("#overfit .alert", "4px 0px"),
    ):  # fmt: skip
        assert sheet.page.eval_on_selector(selector, RIGHT_BORDER) == widths, selector
    left = "el => el.getBoundingClientRect().left"
    side, main = (sheet.page.eval_on_selector(name, left) for name in (".side", "main"))
    assert side > main
    assert sheet.run("document.documentElement.scrollWidth <= innerWidth")
    assert sheet.complaints == []
    sheet.page.close()


def test_an_arabic_sheet_speaks_arabic(arabic: Sources, chromium: Browser) -> None:
    """Words, plural forms, marks and the drill; no English is left but what runs in English."""
    sheet = opened(chromium, arabic.build(formats=["html"]), width=375)

    def text(selector: str) -> str:
        """Return what is seen, without the marks that set numbers apart."""
        return re.sub("[\u2068\u2069]", "", sheet.text(selector))

    assert text("#_count") == "4 بطاقات"
    assert "سهل" in sheet.text("#overfit .context")
    assert sheet.text("#overfit summary") == "الجواب"
    assert sheet.search("PCA") == ["pca"]
    assert text("#_count") == "1 من 4 بطاقات: «PCA»"
    sheet.search("")
    sheet.page.click("[data-do=drill]")
    assert "من" in sheet.text("#_left")
    sheet.page.click("[data-do=forward]")
    assert text("#_rate button") == "مجددًا\n10 د"
    sheet.page.click("#_rate [value='4']")
    sheet.page.keyboard.press("?")
    words = sheet.run(
        "[...document.querySelectorAll('button, summary, label, select, dd, dialog p, h4, output')]"
        ".map(el => el.innerText + (el.placeholder || '') + (el.ariaLabel || '')).join(' ')"
    )
    assert set(re.findall(r"[A-Za-z]{3,}", words)) <= {"Enter", "Anki", "FSRS", "PCA"}
    assert sheet.complaints == []
    sheet.page.close()


@pytest.mark.parametrize("language", ["de", "pl"])
def test_voices_say_formulas_in_english(
    write: Callable[..., Sources], chromium: Browser, language: str
) -> None:
    """What is English in a sheet of another language says so; numbers and letters are of any."""
    long = " + ".join(f"x_{{{number}}}" for number in range(30))
    cards = (
        f"# Wie groß? {{#a}}\n\nDa $x^2$, $x$ und $3{{,}}14$.\n\n$${long}$$\n\nAlso ${long}$.\n\n"
        "# How large? {#b language=en}\n\nSo $x^2$ and $y^2$.\n"
    )
    sheet = opened(chromium, write(language, cards).build(formats=["html"]))
    found = sheet.run(
        "[...document.querySelectorAll('.note [role=img]')].map(el =>"
        " [el.closest('.note').id, el.ariaLabel.slice(0, 9), el.getAttribute('lang') || '',"
        "  el.matches(':lang(en)')])"
    )
    assert found == [
        ["a", "x squared", "en", True],
        ["a", "x", "", False],
        ["a", "3, 14", "", False],
        ["a", "x sub 0 p", "en", True],
        ["a", "x sub 0 p", "en", True],
        ["b", "x squared", "", True],
        ["b", "y squared", "", True],
    ]
    assert sheet.search("x_{29}") == ["a"]
    assert sheet.search("x^2") == ["a", "b"]
    sheet.page.close()


def test_arabic_cards_in_anki(arabic: Sources, anki: RealAnki, chromium: Browser) -> None:
    """The real Anki's cards, in a browser: words, sides of the bars, code from left to right."""
    anki.load(arabic.build())
    shown = anki.show(anki.note("overfit").cards()[0])
    for word in ("أخطاء شائعة", "تحذير", "سهل", "وجدت خطأ؟", "رُوجع في"):
        assert word in shown.answer
    assert anki.note("overfit")["Difficulty"] == "easy"
    assert anki.collection.find_notes('"Difficulty:easy"')
    page = chromium.new_page()
    page.set_content(f"<style>{shown.css}</style><body class='card'>{shown.answer}")
    assert page.eval_on_selector(".answer", RIGHT_BORDER) == "4px 0px"
    for selector, how in ((".question", "rtl"), (".answer", "rtl"), ("code", "ltr"), ("li", "rtl")):
        assert page.eval_on_selector(selector, "el => getComputedStyle(el).direction") == how, (
            selector
        )
    assert page.inner_text(".difficulty") == "سهل"
    assert '<span dir="ltr">\\(L' in anki.note("overfit")["Answer"]
    # A text that begins with a Latin name runs as the rest of it does.
    shown = anki.show(anki.note("pca").cards()[0])
    page.set_content(f"<style>{shown.css}</style><body class='card'>{shown.answer}")
    for selector in (".question", ".answer"):
        assert page.eval_on_selector(selector, "el => getComputedStyle(el).direction") == "rtl"
    shown = anki.show(anki.note("english").cards()[0])
    page.set_content(f"<style>{shown.css}</style><body class='card'>{shown.answer}")
    assert page.eval_on_selector(".answer", RIGHT_BORDER) == "0px 4px"
    assert page.eval_on_selector(".answer p", "el => el.lang") == "en"
    assert anki.note("english")["Question"] == '<span lang="en">What is bias?</span>'
    page.close()


def test_a_chinese_deck(write: Callable[..., Sources], anki: RealAnki, chromium: Browser) -> None:
    sources = write("zh-Hans", CHINESE, "机器学习", "基础")
    anki.load(sources.build())
    shown = anki.show(anki.note("overfit").cards()[0])
    assert 'lang="zh-Hans" dir="ltr"' in shown.question
    assert '<summary accesskey="0" dir="ltr">提示</summary>' in shown.question
    assert "技巧" in shown.answer
    sheet = opened(chromium, sources.build(formats=["html"]))
    assert sheet.run("document.documentElement.lang") == "zh-Hans"
    assert sheet.text("#_count") == "1 张卡片"
    assert sheet.text("[data-do=drill]") == "自测"
    assert sheet.search("训练") == ["overfit"]
    sheet.page.close()


def test_a_spanish_deck_with_sound(
    write: Callable[..., Sources], anki: RealAnki, chromium: Browser
) -> None:
    sources = write("es", SPANISH)
    anki.load(sources.build())
    card = anki.note("dog").cards()[0]
    assert "[anki:play:a:0]" in anki.show(card).answer
    assert "Preguntas de seguimiento" in anki.show(card).answer
    sheet = opened(chromium, sources.build(formats=["html"]))
    assert sheet.page.get_attribute(".play", "aria-label") == "Reproducir: perro"
    assert sheet.text("#_count") == "1 tarjeta"
    sheet.page.close()


def places(path: Path) -> list[tuple[str, float]]:
    """Return the pieces of text on the first page of a PDF, and how far from the left each begins."""
    found: list[tuple[str, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            found.append((text.strip(), cm[0] * tm[4] + cm[4]))

    Pdf(path).reader.pages[0].extract_text(visitor_text=visit)
    return found


def test_an_arabic_page_begins_at_the_right(arabic: Sources) -> None:
    """The first column is the right one; what is English in it still begins at the left."""
    pages = arabic.build(formats=["pdf"], options=Options(detail="full"))
    found = places(pages)
    code = next(x for text, x in found if "decay" in text)
    assert code > 2 * 595 / 3
    text = Pdf(pages).text
    assert "decay=0" in text
    assert squeeze("What is bias?") in text
    assert "PCA" in text
    assert Pdf(pages).root["/Lang"] == "ar"
    english = arabic.root / "deck.yaml"
    english.write_text(english.read_text(encoding="utf-8").replace("language: ar", "language: en"))
    code = next(
        x
        for text, x in places(arabic.build(formats=["pdf"], options=Options(detail="full")))
        if "decay" in text
    )
    assert code < 595 / 3


def test_letters_of_a_title_touch_nothing_below(arabic: Sources) -> None:
    """Where they reach far below the line, the gap is wider by that; for others it stays."""
    deck = select(load(arabic.root))
    source = """#import "/elements.typ": *
#set document(title: [Titles])
#set text(font: text-fonts, size: 8pt)
#let high(words) = measure({ titled(text(size: 24pt, words), 3pt); block([x]) }).height
#let ink(words) = measure(text(size: 24pt, bottom-edge: "bounds", words)).height
#context {
  let usual = measure(text(size: 24pt)[Whn]).height + 3pt + measure([x]).height
  assert(calc.abs(high([Whn]) - usual) < 0.1pt)
  assert(high([خيرج]) > ink([خيرج]) + measure([x]).height + 2pt)
}
Done
"""
    fonts = typeset_fonts(deck, source)
    assert "Done" in Pdf(Typesetter(fonts).pdf(source, typst_files(deck), date=0)).text


def test_pages_of_other_languages_speak_them(write: Callable[..., Sources]) -> None:
    """Spanish on paper, with a sign for the sound; a region is no obstacle to Typst."""
    pdf = Pdf(write("es-MX", SPANISH).build(formats=["pdf"], options=Options(detail="full")))
    for words in ("Preguntas de seguimiento", "1 pregunta", "el perro", "♪"):
        assert squeeze(words) in pdf.text
    assert pdf.root["/Lang"] == "es-MX"
    assert "Follow-ups" not in pdf.text
    pdf = Pdf(write("zh-Hans", CHINESE).build(formats=["pdf", "cards"]))
    assert pdf.root["/Lang"] == "zh-CN"


def test_long_words_are_divided_by_the_rules_of_the_language(write: Callable[..., Sources]) -> None:
    """German is hyphenated where a line ends, and code in it is not."""
    cards = (
        "# Was ist das? {#x}\n\nDie Wahrscheinlichkeitsdichtefunktion der Grundgesamtheitsparameter"
        " und die Verallgemeinerungsfähigkeit der Entscheidungsbaumverfahren sind verschieden.\n"
    )
    german = "".join(Pdf(write("de", cards).build(formats=["pdf"])).pages)
    english = "".join(Pdf(write("en", cards).build(formats=["pdf"])).pages)
    assert re.search(r"[a-zäöü][-\u2010\u00ad]\s*\n", german)
    assert not re.search(r"[a-zäöü][-\u2010\u00ad]\s*\n", english)


def test_a_deck_without_companies_and_difficulties_explains_none(
    write: Callable[..., Sources],
) -> None:
    """No legend for what no note has, on paper and on screen."""
    bare = "# One? {#one}\n\nAnswer.\n"
    text = Pdf(write("en", bare).build(formats=["pdf"])).text
    for word in ("easy", "medium", "hard", "askedthere", "watchedorsubject"):
        assert word not in text
    page = write("en", bare).build(formats=["html"]).read_text(encoding="utf-8")
    assert 'name="difficulty"' not in page
    assert 'name="company"' not in page
    some = "# One? {#one difficulty=easy}\n\nAnswer.\n"
    text = Pdf(write("en", some).build(formats=["pdf"])).text
    assert "hard" in text
    assert "askedthere" not in text


def test_plural_forms_are_those_of_the_browser(chromium: Browser, sources: Sources) -> None:
    """Python and the script of the page choose the same form for every number."""
    from test_words import LANGUAGES, words_of

    page = chromium.new_page()
    numbers = [*range(130), 200, 1001, 1000000]
    for language in LANGUAGES:
        words = words_of(language)
        script = f"n => n.map(each => new Intl.PluralRules('{language}').select(each))"
        forms = {key for form in words.forms.values() for key in form}
        named = dict.fromkeys(forms, "")
        for key in named:
            named[key] = key
        probe = type(words)(words.language, words.plural, {"probe": named})
        browser = [name if name in forms else "other" for name in page.evaluate(script, numbers)]
        assert [probe.form("probe", n) for n in numbers] == browser, language
    page.close()


def test_changing_the_language_keeps_everything(
    write: Callable[..., Sources], anki: RealAnki, at: Callable[[int], None]
) -> None:
    """Note types, fields, ids and progress stay; the words come with the update."""
    cards = "---\nchecked: 2026-01-02\n---\n# One? {#one}\n\nAnswer.\n\n## Pitfalls\n\nNone.\n\n# Two? {#two}\n\nB.\n"
    at(1_780_000_000)
    anki.load(write("en", cards).build())
    progress = anki.study("one")
    types = {t.id: t.name for t in anki.collection.models.all_names_and_ids()}
    fields = [f["name"] for f in anki.note("one").note_type()["flds"]]
    note = anki.note("one")
    note["My notes"] = "mine"
    anki.collection.update_note(note)
    at(1_780_100_000)
    sources = write("ar", cards)
    outcome = anki.load(sources.build(), update_notes="NEVER")
    assert (outcome.new, outcome.conflicting) == (0, 0)
    assert anki.load_text(sources.build(formats=["update"])).conflicting == 0
    assert anki.progress("one") == progress
    assert {t.id: t.name for t in anki.collection.models.all_names_and_ids()} == types
    assert [f["name"] for f in anki.note("one").note_type()["flds"]] == fields
    assert anki.note("one")["My notes"] == "mine"
    assert "رُوجع في" in anki.note("one")["Sources"]
    answer = anki.show(anki.note("one").cards()[0]).answer
    assert "أخطاء شائعة" in answer
    assert "Pitfalls" not in answer
    assert len(anki.collection.find_cards("deck:*")) == 2


def test_a_deck_of_one_language_has_no_marks(write: Callable[..., Sources]) -> None:
    """What runs from left to right anyway says nothing of it in its fields."""
    package = write("de", "# Was ist `x`? {#x}\n\nEs ist $x$, `y`.\n").build(formats=["update"])
    text = package.read_text(encoding="utf-8")
    assert "dir=" not in text
    assert "lang=" not in text
    assert "&lrm;" not in text


@pytest.mark.parametrize(
    ("text", "language", "told", "right"),
    [
        ("مرحبا", "ar", "auto", True), ("PCA مرحبا", "ar", "rtl", True), ("PCA", "ar", "auto", False),
        ("123", "ar", "auto", True), ("שלום means hello", "en", "ltr", False),
        ("שלום", "en", "auto", True), ("hello", "en", "auto", False), ("123", "en", "auto", False),
    ],
)  # fmt: skip
def test_direction_of_a_text(text: str, language: str, told: str, right: bool) -> None:
    """A text that has letters of its language runs as these do."""
    nodes = [Node("code", text="code"), Node("text", text=text)]
    assert text_direction(nodes, language) == told
    assert runs_rightwards(nodes, language) is right


def test_the_language_of_a_note_is_checked(sources: Sources) -> None:
    sources.write("one/a.md", "# Q {#a language=French}\n\nA.\n")
    with pytest.raises(SourceError, match="language"):
        sources.build()


def test_a_section_called_as_the_card_calls_it_is_told(sources: Sources) -> None:
    """It would be an ordinary heading: a hint on the back, and mistakes among the details."""
    sources.write("deck.yaml", DECK_YAML + "language: de\n")
    sources.write("one/a.md", "# Q? {#a}\n\nA.\n\n## Tipp\n\nT.\n\n## Typische Fehler\n\nF.\n")
    with pytest.raises(SourceError) as raised:
        load(sources.root)
    told = [str(problem) for problem in raised.value.problems]
    assert [line.partition("(")[2] for line in told] == [
        "write '## Hint', in every language; the card says 'Tipp')",
        "write '## Pitfalls', in every language; the card says 'Typische Fehler')",
    ]


def test_words_stand_level_beside_words_with_readings(sources: Sources) -> None:
    """On paper a reading makes its line higher; what stands beside it in a row goes as low."""
    one, two = "<ruby>abc<rt>x</rt></ruby>", "<ruby>def<rt>x</rt></ruby>"
    sources.write("one/words.csv", f"key,front,back\nw,{one},besidepair\n")
    sources.write("one/b.md", f"# Q? {{#b}}\n\n| h | i |\n|---|---|\n| {two} | besidecell |\n")
    found = Pdf(sources.build(formats=["pdf"])).places(0)
    for word, beside in (("abc", "besidepair"), ("def", "besidecell")):
        assert found[beside][1] == pytest.approx(found[word][1], abs=0.2)


@pytest.mark.parametrize(
    ("text", "language", "tied"),
    [
        ("nach § 145 BGB, §§ 280 I", "de", "nach §~145 BGB, §§~280 I"),
        (
            "Quoi ? « Non ! » : dit-il ; rien",
            "fr-CA",
            "Quoi~? «~Non~!~»~: dit-il ; rien".replace(" ;", "~;"),
        ),
        ("Quoi ? « Non ! »", "de", "Quoi ? « Non ! »"),
        ("a ?b :x: :-)", "fr", "a ?b :x: :-)"),
        ("§ foo", "de", "§ foo"),
    ],
)
def test_no_line_ends_between_a_sign_and_what_it_belongs_to(
    text: str, language: str, tied: str
) -> None:
    """Authors type plain spaces; on sheets, signs of law and of French stay with their words."""
    assert tie_signs(text, language) == tied.replace("~", "\u00a0")


def test_spaces_that_do_not_break_stay(sources: Sources) -> None:
    """An author's own ones do, on paper and on the sheet; in Anki a search finds what was typed."""
    sources.write("one/a.md", "# Q § 145? {#a}\n\nA&nbsp;b.\n\nEnde § 7.\n")
    fields = load(sources.root).notes["a"].fields
    assert any("§ 145" in field for field in fields)
    page = sources.build(formats=["html"]).read_text()
    assert "§\u00a0145" in page
    assert "§\u00a07" in page
    written = write_typst([Node("text", text="A\u00a0b, § 145  BGB")], Setting({}))
    assert "A\u00a0b, §\u00a0145 BGB" in written
