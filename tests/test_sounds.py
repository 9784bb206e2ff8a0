"""Sounds, videos and moving images: read, packed, played, and told on paper."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from anki_collection import RealAnki
from browser import Sheet
from conftest import Sources
from deckpress import SourceError, load
from deckpress.reading.figures import Figure, find_figure
from deckpress.text.problem import Problem
from pdf_reader import Pdf
from program import run
from sounds import FILES, MP3, make_wav

CARDS = """\
# el perro [sound:perro.mp3] {#perro}

the dog

# ![the word](gato.wav) {#gato}

el gato

## Hint

It says [sound:miau.wav].

# What is said? {#clip}

![A greeting](clip.mp4 "Two people greet each other")

***

Details with `[sound:none.mp3]`, \\[sound:none.mp3], and ![say](miau.wav) among words.

# Verb {#verb}

{{c1::ser [sound:perro.mp3]}} or {{c2::estar}}

# tener {#tener .reversed}

to have ![](gato%20dos.wav)

# Wink {#wink}

![A wink](wink.gif)
"""


@pytest.fixture
def spanish(sources: Sources) -> Sources:
    """Return a deck with sounds of several formats."""
    sources.write("one/spanish.md", CARDS)
    sources.write("one/perro.mp3", MP3)
    sources.write("media/gato.wav", make_wav())
    sources.write("media/gato dos.wav", make_wav(550))
    sources.write("one/miau.wav", make_wav(660))
    sources.write("one/clip.mp4", FILES["a.mp4"])
    sources.write("one/wink.gif", FILES["a.gif"])
    return sources


def played(tags: list[object]) -> list[str]:
    """Return the names of the sounds of a side, without their hashes."""
    return [
        re.sub(r"-[0-9a-f]{8}", "", str(getattr(tag, "filename", tag))).lstrip("_") for tag in tags
    ]


def test_anki_plays_each_sound_on_the_side_where_it_stands(
    spanish: Sources, anki: RealAnki
) -> None:
    """What is meant is a command to Anki, what only looks like one is text."""
    anki.load(spanish.build())

    def sides(identity: str, card: int = 0) -> tuple[list[str], list[str]]:
        shown = anki.note(identity).cards()[card].render_output()
        return played(shown.question_av_tags), played(shown.answer_av_tags)

    assert sides("perro") == (["perro.mp3"], ["perro.mp3"])
    assert sides("gato") == (["gato.wav", "miau.wav"], ["gato.wav"])
    assert sides("clip") == ([], ["clip.mp4", "miau.wav"])
    # What a hole hides is not heard before it is filled.
    assert sides("verb", 0) == ([], ["perro.mp3"])
    assert sides("verb", 1) == (["perro.mp3"], ["perro.mp3"])
    assert sides("tener", 0) == ([], ["gato-dos.wav"])
    assert sides("tener", 1) == (["gato-dos.wav"], ["gato-dos.wav"])
    shown = anki.show(anki.note("clip").cards()[0])
    assert shown.answer.count("[sound:none.mp3]") == 0
    assert shown.answer.count("&#91;sound:none.mp3]") == 2


def test_the_files_arrive_in_anki(spanish: Sources, anki: RealAnki) -> None:
    """Every sound is in the media folder, byte for byte, and none is missing or left over."""
    anki.load(spanish.build())
    arrived = {path.name: path.read_bytes() for path in Path(anki.collection.media.dir()).iterdir()}
    assert sorted(played(list(arrived))) == [
        "clip.mp4", "gato-dos.wav", "gato.wav", "miau.wav", "perro.mp3", "wink.gif",
    ]  # fmt: skip
    assert MP3 in arrived.values()
    checked = anki.collection.media.check()
    assert (list(checked.missing), list(checked.unused)) == ([], [])


def test_a_sound_that_is_the_question(spanish: Sources) -> None:
    """Its label, else its file, stands for it where only words can; another sound asks otherwise."""
    spanish.write("two/a.md", "# [sound:perro.mp3] {#a}\n\nx\n\n# [sound:miau.wav] {#b}\n\ny\n")
    spanish.write("two/perro.mp3", MP3)
    spanish.write("two/miau.wav", make_wav(700))
    notes = {note.id: note.question for note in load(spanish.root).collection.notes}
    assert (notes["perro"], notes["gato"]) == ("el perro", "the word")
    assert (notes["a"], notes["b"]) == ("perro.mp3", "miau.wav")
    spanish.write("two/c.md", "# [sound:perro.mp3] {#c}\n\nz\n")
    with pytest.raises(SourceError, match="the same question"):
        load(spanish.root)


def test_the_html_sheet_plays(spanish: Sources, chromium: Browser) -> None:
    """A button among words, a player on a line of its own; the page loads nothing."""
    path = spanish.build(formats=["html"])
    page = chromium.new_page()
    sheet = Sheet(page, path).open()
    assert sheet.complaints == []
    assert [url for url in sheet.requests if not url.startswith(("file:", "data:"))] == []
    page.click("#perro .play")
    assert page.get_attribute("#perro .play", "aria-label") == "Play: perro"
    assert page.locator("#perro audio").is_hidden()
    # The silence of the MP3 is over at once; the tone of the WAV is heard to its end.
    page.evaluate(
        "new Promise(done => { const player = document.querySelector('#tener audio');"
        " player.onended = done; player.play(); })"
    )
    video = page.locator("#clip video")
    assert video.get_attribute("aria-label") == "A greeting"
    assert page.inner_text("#clip figcaption") == "Two people greet each other"
    assert sheet.complaints == []
    page.close()


def test_the_play_button_starts_and_stops(spanish: Sources, chromium: Browser) -> None:
    """A second press stops what the first has begun."""
    spanish.write("one/miau.wav", make_wav(660, seconds=30))
    page = chromium.new_page()
    Sheet(page, spanish.build(formats=["html"])).open()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    paused = "document.querySelector('#clip .play + audio').paused"
    assert page.evaluate(paused)
    page.click("#clip .play")
    assert not page.evaluate(paused)
    page.click("#clip .play")
    assert page.evaluate(paused)
    page.close()


def test_without_script_the_browser_s_player_is_there(spanish: Sources, chromium: Browser) -> None:
    """Nothing that plays depends on the script."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(spanish.build(formats=["html"]).as_uri())
    assert page.locator("#perro audio").is_visible()
    assert page.locator("#perro .play").is_hidden()
    context.close()


def test_paper_says_that_there_is_a_sound(spanish: Sources) -> None:
    """The PDF and the paper cards have a sign, the video its label; a GIF is printed."""
    for form in ("pdf", "cards"):
        pdf = Pdf(spanish.build(formats=[form]))
        assert pdf.text.count("♪") >= 3
        assert "▶Agreeting" in pdf.text
        assert "A wink" in pdf.alternatives


def test_other_programs_get_the_files(spanish: Sources) -> None:
    """The book refers to them, and JSON holds them."""
    book = spanish.build(formats=["md"]).read_text(encoding="utf-8")
    assert re.search(r"### el perro \[▶\]\[_?perro-[0-9a-f]{8}\.mp3\]", book)
    assert re.search(r"\[▶ say\]\[_?miau-[0-9a-f]{8}\.wav\] among words", book)
    assert re.search(r"^\[_?perro-[0-9a-f]{8}\.mp3\]: data:audio/mpeg;base64,", book, re.MULTILINE)
    exported = json.loads(spanish.build(formats=["json"]).read_text(encoding="utf-8"))
    assert len(exported["media"]) == 6


def test_sounds_as_obsidian_and_html_write_them(spanish: Sources) -> None:
    """An embed plays, and its name is no advice; a decoded name is found as well."""
    spanish.write("two/o.md", "# Q? {#q}\n\n![[gato dos.wav]] <img src='gato.wav' alt='x'>\n")
    release = load(spanish.root)
    assert release.advice == ()
    assert len(release.notes["q"].media) == 2
    assert release.notes["q"].fields[2].count("[sound:") == 2


@pytest.mark.parametrize("name", FILES)
def test_every_format_is_known_by_its_bytes(name: str, tmp_path: Path) -> None:
    """What the ending says is held against how the file begins."""
    (tmp_path / name).write_bytes(FILES[name])
    assert isinstance(find_figure(name, tmp_path, tmp_path), Figure)
    for other, data in FILES.items():
        if {Path(name).suffix, Path(other).suffix} in ({".m4a", ".mp4"}, {".ogg", ".opus"}):
            continue
        (tmp_path / name).write_bytes(data)
        taken = isinstance(find_figure(name, tmp_path, tmp_path), Figure)
        assert taken == (Path(name).suffix == Path(other).suffix), other
    (tmp_path / name).write_bytes(b"<!doctype html><title>404</title>")
    assert isinstance(find_figure(name, tmp_path, tmp_path), Problem)


def test_size_limits_are_settings(sources: Sources) -> None:
    """Each kind has its own, and the hint names the key."""
    sources.write("one/a.md", "# Q? {#q}\n\nx ![](long.wav)\n")
    sources.write("one/long.wav", make_wav(seconds=70))
    load(sources.root)
    deck = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    sources.write("deck.yaml", deck + "most_megabytes: {sounds: 0.5, images: 9}\n")
    with pytest.raises(SourceError) as caught:
        load(sources.root)
    assert str(caught.value) == (
        "cards/one/a.md:3:3: 'long.wav' has 1.1 MB "
        "(0.5 MB at most; `most_megabytes` in deck.yaml changes this limit)"
    )
    sources.write("deck.yaml", deck + "most_megabytes: {sounds: 101, videos: many, images: 0}\n")
    with pytest.raises(SourceError) as caught:
        load(sources.root)
    assert len(caught.value.problems) >= 3
    assert "the most that AnkiWeb takes" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[sound:weg.mp3]", "3:3: there is no file 'weg.mp3' (did you mean '"),
        ("[sound:wink.gif]", "3:3: 'wink.gif' is not a sound (sounds end in "),
        ("![x [sound:perro.mp3]](wink.gif)", "an image or a sound in the alt text of an image"),
        ("[sound:../../x.mp3]", "there is no file"),
        ("[sound:https://e.org/x.mp3]", "is not a file of this deck"),
        ("[sound:note.mid]", "'note.mid' is not a sound"),
        ("![x](gone%20too.mp3)", "there is no file 'gone%20too.mp3'"),
        ("![x](%2e%2e/%2e%2e/x.mp3)", "there is no file"),
        ("[sound:fake.mp3]", "'fake.mp3' does not contain what its extension says"),
    ],
)
def test_mistakes_are_told_at_their_place(spanish: Sources, text: str, told: str) -> None:
    """A sound that could not be played never passes."""
    spanish.write("one/a.md", f"# Q? {{#q}}\n\nx {text}\n")
    spanish.write("one/fake.mp3", b"<html>")
    spanish.write("one/note.mid", b"MThd")
    with pytest.raises(SourceError) as caught:
        load(spanish.root)
    assert told in str(caught.value)
    assert all(problem.where.path == "cards/one/a.md" for problem in caught.value.problems)


def test_sounds_are_counted_apart(spanish: Sources) -> None:
    """A sound is no figure, and a moving image is one."""
    stats = json.loads(run(spanish.folder, "stats", "--json").stdout)
    assert (stats["figures"], stats["sounds and videos"]) == (1, 5)
