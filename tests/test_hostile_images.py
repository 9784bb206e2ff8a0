"""Images of every form: what is taken can be shown everywhere, and soon; all else is a mistake."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from conftest import Sources
from deckpress import SourceError, load
from deckpress.markup.typesetter import TypesetError, Typesetter
from deckpress.reading import figures, raster
from deckpress.reading.svg import find_svg_fault

ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "WEBP": ".webp"}


def image(form: str, size: tuple[int, int] = (9, 9), mode: str = "RGB", frames: int = 1) -> bytes:
    """Return an image, or a film, of a format that Pillow writes."""
    file = io.BytesIO()
    more = [Image.new(mode, size, n * 9) for n in range(1, frames)]
    films = {"save_all": True, "append_images": more} if more else {}
    Image.new(mode, size).save(file, form, **films)
    return file.getvalue()


def show(sources: Sources, name: str, data: bytes | str) -> None:
    """Write a card with an image, as a block, in a line, and in a table."""
    sources.write(f"one/{name}", data)
    text = f"# Q {{#q}}\n\nx\n\n![a]({name})\n\ny ![b]({name})\n\n| ![c]({name}) |\n|-|\n| d |\n"
    sources.write("one/card.md", text)


def mistake(sources: Sources) -> str:
    """Return the mistakes of a deck."""
    with pytest.raises(SourceError) as caught:
        load(sources.root)
    return str(caught.value.problems[0])


TAKEN = {
    "deep.png": image("PNG", mode="I;16"),
    "grey.png": image("PNG", mode="LA"),
    "palette.png": image("PNG", mode="P"),
    "dot.png": image("PNG", (1, 1), "1"),
    "film.png": image("PNG", frames=5),
    "print.jpg": image("JPEG", mode="CMYK"),
    "grey.jpg": image("JPEG", mode="L"),
    "long.jpg": image("JPEG", (16_000, 1)),
    "film.gif": image("GIF", frames=300),
    "film.webp": image("WEBP", frames=5),
    "clear.webp": image("WEBP", mode="RGBA"),
}


def test_images_that_are_taken(sources: Sources) -> None:
    """Every way of writing pixels is shown in every format."""
    for name, data in TAKEN.items():
        sources.write(f"one/{name}", data)
    shown = "\n\n".join(f"![{name}]({name})" for name in TAKEN)
    sources.write("one/card.md", f"# Q {{#q}}\n\nx\n\n{shown}\n")
    sources.build(formats=["apkg", "html", "pdf", "cards"])


@pytest.mark.parametrize("form", ENDINGS)
def test_the_size_is_known(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """It is read from the head of each format, and of each kind of WebP."""
    monkeypatch.setattr(raster, "_MOST_SIDE", 300)
    clear = "RGBA" if form in ("PNG", "WEBP") else "L"
    for mode, frames in (("RGB", 1), (clear, 1), ("RGB", 1 if form == "JPEG" else 2)):
        found = raster.find_cut(ENDINGS[form], image(form, (333, 77), mode, frames))
        assert found.startswith("has 333 × 77 pixels")


@pytest.mark.parametrize(("form", "size"), [
    ("PNG", (1, 60_000)), ("JPEG", (16_001, 1)), ("GIF", (1, 16_001)), ("PNG", (9_000, 9_000)),
    ("JPEG", (9_000, 9_000)),
])  # fmt: skip
def test_too_many_pixels(sources: Sources, form: str, size: tuple[int, int]) -> None:
    """A few bytes may stand for more pixels than a page or a phone can hold."""
    show(sources, f"a{ENDINGS[form]}", image(form, size, "L"))
    assert f"has {size[0]} × {size[1]} pixels; 16,000 a side" in mistake(sources)


@pytest.mark.parametrize("form", ["JPEG", "GIF", "WEBP"])
def test_damage_within(sources: Sources, form: str) -> None:
    """Formats without check sums are decoded, so that no output finds out later."""
    file = io.BytesIO()
    Image.effect_noise((64, 64), 50).convert("RGB").save(file, form)
    data = bytearray(file.getvalue())
    middle = data.index(b"\xff\xc4") + 200 if form == "JPEG" else len(data) // 2
    data[middle - 200 : middle + 200] = b"\xff" * 400
    show(sources, f"a{ENDINGS[form]}", bytes(data))
    assert f"'a{ENDINGS[form]}' is damaged" in mistake(sources)


SIGNS = (
    "🎉 x🎉y", "عربية ﷺ", "हिन्दी हि", "👩‍👩‍👧", "กำ", "🇩🇪", "1️⃣", "👋🏽", "\u1112\u1161\u11ab", "கொ", "ក្រុម", "མོད", "မြန်မာ",
    "ᠮᠣᠩᠭᠣᠯ", "🏴\U000e0067\U000e007f", "葛\U000e0100 ☃\ufe0f", "\u202eאב\u202c שָׁלוֹם", "a\u0300\u0489\u20dd", "&#x1F389;&#2361;&#2367;",
    "plain é, e\u0301, ü, 한 字字", "𝔸𝒳 ∑ x²⁺ ½", "a\u200db\u00adc\u2060d", "\ufdd0\u0378",
)  # fmt: skip


def test_words_in_figures_in_any_script(sources: Sources) -> None:
    """Signs of several characters that no font has are drawn as so many boxes."""
    rows = "".join(f'<text y="{9 * n}">{words}</text>' for n, words in enumerate(SIGNS))
    nested = "".join(f'<s:text><s:tspan x="1">{words}</s:tspan> a</s:text>' for words in SIGNS)
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:s="http://www.w3.org/2000/svg"'
    show(sources, "a.svg", f'<svg {space} width="99" height="300">{rows}{nested}</svg>')
    sources.build(formats=["html", "pdf", "cards"])


def test_vowels_around_letters(sources: Sources) -> None:
    """What is set as two characters is drawn as two boxes, also in bold, in holes and headings."""
    for number, sign in enumerate(("กำ", "ກຳ", "கொ", "কো", "കൊ", "ෝ", "ကော", "កើ", "ណៅ", "ᬓᭀ")):
        text = f"# Q{number} {sign}? {{#q{number}}}\n\nx **{sign}** {{{{c1::{sign}::{sign}}}}}\n\n### {sign}\n"
        sources.write(f"one/q{number}.md", text)
    sources.build(formats=["pdf", "cards"])


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\ufeff", "&#x2029;", "&#x9f;"])
def test_signs_that_no_pdf_says(sign: str) -> None:
    """They are mistakes of the figure, in words and in attributes."""
    for inside in (f"<text>a{sign}b</text>", f'<g class="{sign}"/>', f"<g/>{sign}"):
        text = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inside}</svg>'
        fault = find_svg_fault("a.svg", text.encode())
        assert fault is not None
        assert "holds the character U+" in fault.message


SLOW = {
    "a wide brush": '<filter id="f"><feMorphology radius="400"/></filter>',
    "noise": '<filter id="f"><feTurbulence numOctaves="999"/></filter>',
    "a wide place": '<filter id="f" x="-9" y="-9" width="99" height="99"><feGaussianBlur/>'
    + '<feGaussianBlur stdDeviation="50"/>' * 99 + "</filter>",
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_slow_filters(sources: Sources, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A figure that would take minutes to draw is a mistake; a shadow is none."""
    monkeypatch.setattr(figures, "_SECONDS", 1)
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900">'
    drawn = '<rect width="900" height="900" filter="url(#f)"/></svg>'
    show(sources, "a.svg", head + SLOW[name] + drawn)
    assert "takes more than 1 s or 4 GB to draw" in mistake(sources)
    shadow = '<filter id="f"><feDropShadow dx="2" dy="2" stdDeviation="2"/></filter>'
    show(sources, "a.svg", head + shadow + drawn.replace("900", "90"))
    load(sources.root)


def test_typst_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of Typst's own, which is no Exception, is told like those that it tells."""
    panic = type("PanicException", (BaseException,), {})

    def compile_with_warnings(*_: object, **__: object) -> None:
        raise panic("removal index (is 4) should be < len (is 4)")

    monkeypatch.setattr(
        "typst.Compiler",
        lambda *_, **__: type("C", (), {"compile_with_warnings": compile_with_warnings})(),
    )
    with pytest.raises(TypesetError, match="Typst gives up: removal index"):
        Typesetter({}).pdf("x", {}, date=0)
