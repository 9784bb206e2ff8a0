"""The HTML sheet in a real browser: filters, folding, keyboard, colours, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext

from browser import Sheet, open_profile
from deckpress.exporters.html.formula_pieces import divide
from deckpress.markup.elements import html
from deckpress.markup.jinja import TemplateError, fill_file
from program import run
from sheet_deck import write_deck, write_large_sheet, write_sheet

ALL = ["naive", "pythagoras", "colours", "sort", "queue"]
BUDGET = 33_000
"""What README says of the script's size, in bytes."""
Open = Callable[..., Sheet]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sheet that most tests open."""
    return write_sheet(tmp_path_factory.mktemp("sheet"))


@pytest.fixture
def kept(chromium: Browser, path: Path, tmp_path: Path) -> Iterator[Sheet]:
    """Return the sheet in a browser that keeps what pages store."""
    with open_profile(chromium, tmp_path / "profile", path) as context:
        yield from watch(context, path)


@pytest.fixture
def sheet(chromium: Browser, path: Path) -> Iterator[Sheet]:
    """Return the open sheet; at the end nothing was requested and nothing complained."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    yield from watch(context, path)
    context.close()


def watch(context: BrowserContext, path: Path) -> Iterator[Sheet]:
    """Open the sheet for a test, and look at the end at what it asked for."""
    opened = Sheet(context.new_page(), path).open()
    yield opened
    assert {url.partition("#")[0] for url in opened.requests} <= {opened.address, "about:blank"}
    assert opened.complaints == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("naive", ["naive"]),
        ("NAÏVE  mean", ["naive"]),
        ("zebra", ["naive"]),
        ("first kind", ["naive", "sort"]),
        (r"\sqrt", ["pythagoras"]),
        ("acme", ["naive", "pythagoras", "colours"]),
        ("zebra square", ["naive"]),
        ("qwrtz", []),
        ("", ALL),
    ],
)
def test_search_finds_words_anywhere(sheet: Sheet, words: str, found: list[str]) -> None:
    """All words must occur: in question, answer, details, alt text, formula or evidence."""
    assert sheet.search(words) == found
    assert sheet.shows("#_none") == (not found)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("company", "acme", ["naive", "pythagoras", "colours"]),
        ("company", "bolt", ["sort", "queue"]),
        ("category", "two", ["sort", "queue"]),
        ("difficulty", "hard", ["colours", "queue"]),
        ("kind", "cloze", ["colours"]),
        ("tag", "beta", ["pythagoras", "sort"]),
        ("mark", "known", []),
        ("mark", "new", ALL),
    ],
)
def test_each_filter(sheet: Sheet, name: str, value: str, found: list[str]) -> None:
    """A filter leaves the notes that have the value, and the parts that have notes."""
    assert sheet.choose(name, value) == found
    shown = [part for part in ("one", "two") if sheet.shows(f"#part_{part} h2")]
    assert shown == [p for p, ids in (("one", ALL[:3]), ("two", ALL[3:])) if {*ids} & {*found}]
    assert sheet.choose(name, "") == ALL


def test_counts_follow_the_filters(sheet: Sheet) -> None:
    """Notes, parts and the values of the other filters are counted as they would be."""
    assert sheet.text("#_count") == "5 notes"
    sheet.choose("difficulty", "hard")
    assert sheet.text("#_count") == "2 of 5 notes: hard"
    label = "document.querySelector('[name={}] [value={}]').label"
    assert sheet.run(label.format("company", "acme")) == "Acme (1)"
    assert sheet.run(label.format("difficulty", "easy")) == "easy (2)"
    assert sheet.text("nav li:nth-child(2) .number") == "1"
    sheet.page.click("#_clear")
    assert sheet.text("#_count") == "5 notes"


def test_the_address_holds_search_and_filters(sheet: Sheet) -> None:
    """An address that someone copied shows the same notes; what it does not know is left out."""
    sheet.search("a & b=c “x”")
    sheet.search("square of")
    sheet.choose("tag", "alpha")
    fragment = sheet.page.url.partition("#")[2]
    assert fragment == "q=square+of&tag=alpha"
    assert sheet.open(f"#{fragment}").ids() == ["naive"]
    assert sheet.text("#_count") == "1 of 5 notes: “square of”, alpha"
    assert sheet.open("#tag=unheard-of&company=bolt").ids() == ["sort", "queue"]
    assert sheet.open("#mark=new").ids() == ALL


@pytest.mark.parametrize(
    ("fragment", "found"),
    [
        ("#q=square%2", ["naive", "sort"]),
        ("#q=square&note=%D8%A", ["naive", "sort"]),
        ("#sor%D8%A", ALL),
        ("#%", ALL),
        ("#=&=", ALL),
    ],
)
def test_an_address_that_was_cut(sheet: Sheet, fragment: str, found: list[str]) -> None:
    """What is left of an address that a program cut, or no address at all, is no fault."""
    assert sheet.open(fragment).ids() == found
    assert sheet.text("#_count").startswith("5 notes" if found == ALL else "2 of 5 notes")


def test_the_address_of_a_note_opens_it(sheet: Sheet) -> None:
    """A note's own address shows it even when the filters hide it."""
    assert sheet.open("#queue").run("document.activeElement.id") == "queue"
    sheet.choose("kind", "cloze")
    sheet.run("location.hash = '#sort'")
    sheet.wait("document.activeElement.id === 'sort'")
    assert sheet.ids() == ALL
    assert sheet.page.url.endswith("#sort")


def test_the_address_of_a_note_stays(sheet: Sheet) -> None:
    """A link to a note is in the address until someone searches; filters that keep it join it."""
    sheet.open("#sort")
    sheet.page.wait_for_timeout(300)
    assert sheet.page.url.endswith("#sort")
    sheet.choose("tag", "beta")
    assert sheet.page.url.endswith("#tag=beta&note=sort")
    assert sheet.open("#tag=beta&note=sort").ids() == ["pythagoras", "sort"]
    assert sheet.run("document.activeElement.id") == "sort"
    assert sheet.page.url.endswith("#tag=beta&note=sort")
    sheet.choose("tag", "alpha")
    assert sheet.page.url.endswith("#tag=alpha")
    sheet.open("#sort").search("queue")
    sheet.wait("location.hash === '#q=queue'")


def test_answers_fold_one_by_one_and_all_at_once(sheet: Sheet) -> None:
    """Three levels for all; a click on a question or its mark for one."""
    short, more = "#naive .short", "#naive .rest"
    assert (sheet.shows(short), sheet.shows(more)) == (True, False)
    sheet.page.click("button[value=questions]")
    assert (sheet.shows(short), sheet.shows(more)) == (False, False)
    sheet.page.click("button[value=all]")
    assert (sheet.shows(short), sheet.shows(more)) == (True, True)
    assert sheet.shows("#queue .step p")
    sheet.page.click("#naive h3")
    assert (sheet.shows(short), sheet.shows("#pythagoras .short")) == (False, True)
    sheet.page.click("#naive .answer > summary")
    assert sheet.shows(short)


def test_the_keyboard_does_it_all(sheet: Sheet) -> None:
    """The keys that the help lists; none of them while typing, nor when they are off."""
    press, focus = sheet.page.keyboard.press, "document.activeElement.id"
    press("j")
    press("j")
    press("j")
    press("k")
    assert sheet.run(focus) == "pythagoras"
    press("Enter")
    assert not sheet.shows("#pythagoras .short")
    press("Space")
    assert sheet.shows("#pythagoras .short")
    press("d")
    assert sheet.shows("#_drill")
    press("Escape")
    assert not sheet.shows("#_drill")
    press("/")
    sheet.page.keyboard.type("jkd12")
    assert sheet.page.input_value("[name=q]") == "jkd12"
    press("Escape")
    assert sheet.ids() == ALL
    sheet.page.fill("[name=q]", "queue")
    sheet.page.focus("[name=q]")
    press("Enter")
    assert sheet.run(focus) == "queue"
    press("?")
    assert sheet.shows("#_help")
    sheet.page.uncheck("#_keys")
    press("Escape")
    press("d")
    assert not sheet.shows("#_help")
    assert not sheet.shows("#_drill")


def test_colours_follow_the_system_and_the_switch(kept: Sheet) -> None:
    """The switch is remembered; paper is light all the same."""
    colour = "getComputedStyle(document.body).backgroundColor"
    dark, light = "rgb(44, 44, 44)", "rgb(255, 255, 255)"
    assert kept.run(colour) == light
    kept.page.emulate_media(color_scheme="dark")
    assert kept.run(colour) == dark
    kept.page.click(".kept summary")
    kept.page.select_option("#_mode", "light")
    assert kept.run(colour) == light
    kept.page.emulate_media(color_scheme="light")
    kept.page.select_option("#_mode", "dark")
    assert kept.reload().run(colour) == dark
    kept.page.emulate_media(media="print")
    assert kept.run(colour) == light


def test_a_formula_is_copied_as_latex(sheet: Sheet) -> None:
    """What is seen as a drawing is pasted as text."""
    sheet.run("addEventListener('copy', e => { copied = e.clipboardData.getData('text/plain'); })")
    sheet.run("getSelection().selectAllChildren(document.querySelector('#pythagoras .short p'))")
    sheet.run("document.execCommand('copy')")
    assert sheet.run("copied") == r"Because of the areas, so $c = \sqrt{a^2 + b^2}$ follows."


def test_a_long_formula_may_break_between_lines() -> None:
    """Before signs outside brackets, never inside them, and never in small pieces."""
    formula = r"f(x + y + z) = \frac{a + b}{c} + \left( d - e \right)^2 - \lVert x - y \rVert^{-1}"
    assert divide(formula) == [
        r"f(x + y + z) ",
        r"{} = \frac{a + b}{c} ",
        r"{} + \left( d - e \right)^2 ",
        r"{} - \lVert x - y \rVert^{-1}",
    ]
    for whole in ("a + b = c", r"\displaystyle " + "a + " * 30 + "b", "(" + "a + " * 30 + "b"):
        assert divide(whole) == [whole]


def test_the_help_begins_at_its_beginning(sheet: Sheet) -> None:
    """On a low screen, too, where its only controls are below the edge."""
    sheet.page.set_viewport_size({"width": 375, "height": 500})
    sheet.page.click("[data-do=help]")
    assert sheet.run("_help.open && _help.scrollHeight > _help.clientHeight")
    assert sheet.run("_help.scrollTop") == 0
    sheet.page.keyboard.press("Tab")
    assert sheet.run("document.activeElement.id") == "_keys"
    sheet.page.keyboard.press("Escape")
    assert not sheet.run("_help.open")


def test_no_line_ends_between_a_formula_and_its_sign(chromium: Browser, tmp_path: Path) -> None:
    """However wide the page, a comma, a full stop or a bracket stays beside its formula."""
    words = "".join(f"{'so' * n} ($x_{n}$), $y_{n}$. " for n in range(1, 9))
    note = f"# Why? {{#why}}\n\n{words}\n"
    sheet = Sheet(chromium.new_page(), write_deck(tmp_path / "cards", {"one/a.md": note})).open()
    lines = (
        "Math.max(...[...document.querySelectorAll('.tied')].map(t => t.getClientRects().length))"
    )
    for width in range(300, 420, 8):
        sheet.page.set_viewport_size({"width": width, "height": 800})
        assert sheet.run(lines) == 1, width


def test_a_hint_with_quotes_is_words(chromium: Browser, tmp_path: Path) -> None:
    """What an author writes into a hole never becomes an attribute of its button."""
    hint = '" style="position:fixed" onclick="x<&'
    note = f"# Cover {{#q}}\n\nA {{{{c1::x::{hint}}}}} b.\n"
    opened = Sheet(chromium.new_page(), write_deck(tmp_path / "cards", {"one/a.md": note})).open()
    hole = opened.page.locator("#q .hole").first
    assert hole.get_attribute("aria-label") == f"Reveal: {hint}"
    assert hole.get_attribute("style") is hole.get_attribute("onclick") is None


def test_evidence_and_sources_are_shown(sheet: Sheet) -> None:
    """Only what was asked is said to be asked; links lead to the sources."""
    assert sheet.text("#naive .context") == "●○○ easy\nAcme"
    assert sheet.text("#sort .context") == "●○○ easy\ncoding\nabout Bolt"
    sheet.page.click("button[value=all]")
    assert sheet.text("#naive .evidence") == "Asked at Acme (candidate report, 2025)"
    assert sheet.page.get_attribute("#naive .sources a", "href") == "https://example.com/book"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Browser, path: Path, scheme: str) -> None:
    """No known violation, in every state of the page, by day and by night."""
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    sheet = Sheet(context.new_page(), path).open()
    sheet.search("naive first")
    assert (found := Axe().run(sheet.page)).violations_count == 0, found.generate_report()
    sheet.search("")
    # In the order of use: what is shown covers or hides what comes after it in no case.
    for state in (
        "button[value=all]",
        ".kept summary",
        ".tools [data-do=drill]",
        "[data-do=forward]",
        "[data-do=rate][value='1']",
        "#_drill .course [data-do=drill]",
        "[data-do=help]",
    ):
        sheet.page.click(state)
        found = Axe().run(sheet.page)
        assert found.violations_count == 0, found.generate_report()
    context.close()


def test_a_phone_never_scrolls_sideways(sheet: Sheet) -> None:
    """360 pixels are enough, in every state."""
    sheet.page.set_viewport_size({"width": 360, "height": 740})
    for state in ("button[value=all]", "[data-do=drill]", "[data-do=forward]"):
        sheet.page.click(state)
        assert sheet.run("document.documentElement.scrollWidth") == 360


def test_a_figure_of_two_notes_is_there_once(sheet: Sheet, path: Path) -> None:
    """Both notes show it."""
    assert path.read_text(encoding="utf-8").count("fill=%22%230550ae%22") == 1
    sheet.page.click("button[value=all]")
    for note in ("naive", "sort"):
        box = sheet.page.locator(f"#{note} img").bounding_box()
        assert box is not None
        assert box["width"] > 250
        assert box["height"] > 150


def test_only_the_sheets_own_script_runs(chromium: Browser, path: Path) -> None:
    """The page's policy names its script by its hash, and lets nothing else run or load."""
    page = path.read_text(encoding="utf-8")
    scripts = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 1
    assert len(scripts[0].encode()) <= BUDGET
    assert not re.search(r"<[^>]* on[a-z]+=|<link|<iframe|@import|javascript:", page)
    context = chromium.new_context()
    sheet = Sheet(context.new_page(), path).open()
    sheet.run(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'x=1'}))"
    )
    assert sheet.run("typeof x") == "undefined"
    assert "Content Security Policy" in sheet.complaints[0]
    context.close()


def test_without_scripts_everything_can_be_read(chromium: Browser, path: Path) -> None:
    """Answers fold by the browser's own means; controls that would do nothing are not shown."""
    context = chromium.new_context(java_script_enabled=False)
    sheet = Sheet(context.new_page(), path).open()
    assert sheet.shows("#naive .short")
    assert not sheet.shows("[name=q]")
    sheet.page.click("#naive .more summary")
    assert sheet.shows("#naive .rest")
    context.close()


def test_same_sources_same_sheet(path: Path, tmp_path: Path) -> None:
    """Another folder, time zone and hash seed change nothing."""
    second = write_sheet(tmp_path)
    assert second.read_bytes() == path.read_bytes()
    environment = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    done = run(tmp_path, "build", "--format", "html", "--out", "third", **environment)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "third/sheet.html").read_bytes() == path.read_bytes()


def test_a_large_sheet_is_laid_out_once_a_keystroke(chromium: Browser, tmp_path: Path) -> None:
    """Of 600 notes, a letter typed costs as many layouts as of 60."""
    layouts = []
    for count in (60, 600):
        context = chromium.new_context()
        sheet = Sheet(context.new_page(), write_large_sheet(tmp_path / str(count), count)).open()
        session = context.new_cdp_session(sheet.page)
        session.send("Performance.enable")

        def measure(session: object = session) -> int:
            metrics = session.send("Performance.getMetrics")["metrics"]  # type: ignore[attr-defined]
            return next(int(m["value"]) for m in metrics if m["name"] == "LayoutCount")

        before = measure()
        assert len(sheet.search("question q59q")) == 1
        layouts.append(measure() - before)
        assert sheet.text("#_count").startswith(f"1 of {count} notes")
        context.close()
    assert layouts[1] <= layouts[0] + 2


def test_a_template_of_the_deck_may_extend_the_sheet(tmp_path: Path) -> None:
    """A mistake in a template is told with its place."""
    files = {"base.j2": b"<p>{% block a %}{{ x }}{% endblock %}</p>"}
    child = b"{% extends 'base.j2' %}{% block a %}new {{ super() }}{% endblock %}"
    text = fill_file({**files, "child.j2": child}, "child.j2", {"x": "<", "y": html("<b>")})
    assert text == "<p>new &lt;</p>\n"
    with pytest.raises(TemplateError, match=r"bad.j2:2:1: "):
        fill_file({"bad.j2": b"\n{% nonsense %}"}, "bad.j2", {})
    with pytest.raises(TemplateError, match="missing"):
        fill_file({}, "missing", {})


def test_an_empty_fact_has_no_filter(tmp_path: Path) -> None:
    """Where no note has a tag, there is nothing to choose from; companies are all there."""
    page = write_deck(tmp_path / "cards", {"one/a.md": "# Q? {#q}\n\nAn answer.\n"}).read_text()
    assert '<select name="tag"' not in page
    assert '<option value="acme">Acme</option><option value="bolt">Bolt</option>' in page
    assert '<select name="kind"' in page


def test_a_cloze_note_without_details_has_nothing_to_unfold(
    chromium: Browser, tmp_path: Path
) -> None:
    """A fold that holds nothing would be opened in vain; with details there is one."""
    cards = "# Bare {#bare}\n\n{{c1::x}} y\n\n# More {#more}\n\n{{c1::x}} y\n\n---\n\nDetails.\n"
    sheet = Sheet(chromium.new_page(), write_deck(tmp_path / "cards", {"one/a.md": cards})).open()
    assert sheet.page.locator("#bare details").count() == 0
    assert sheet.page.locator("#more details.more").count() == 1
    assert sheet.complaints == []
    sheet.page.close()
