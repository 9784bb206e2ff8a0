"""The command line as its users meet it: output, exit codes, and old files that survive."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from unicodedata import east_asian_width

import click
import pytest
from jsonschema import Draft202012Validator

from cases import read_cases
from conftest import DECK_YAML, Sources
from deckpress.cli.main import COMMANDS, main
from deckpress.editor.desk import Desk
from deckpress.schema.validation import PUBLISHED
from program import run
from shell_line import on_terminal
from test_cases import COMPANIES, SOURCES
from test_package import fill

BAD = {
    "one/key.md": "---\ndificulty: easy\n---\n# Q1?\n\nA.\n",
    "one/math.md": "# Q2?\n\n$\\foo$\n",
    "two/cloze.md": "# Q3 {.cloze}\n\nNothing.\n",
}


def test_build_says_what_it_made_and_what_changed(sources: Sources) -> None:
    """A build ends with files, notes, cards, size and changes; the next one says nothing changed."""
    fill(sources)
    done = run(sources.folder, "build")
    assert done.returncode == 0
    assert "build/small.apkg" in done.stdout
    assert "added: 2 (a, b)" in done.stdout
    assert "nothing changed since the last build" in run(sources.folder, "build").stdout
    assert run(sources.folder, "build", "--quiet").stdout == ""
    (sources.folder / "build/small.html").write_text("spoiled", encoding="utf-8")
    other = run(sources.folder, "build", "--format", "html,json", "--out", "other").stdout
    assert "no note changed; 2 files written" in other
    assert "no note changed; 1 file written" in run(sources.folder, "build").stdout
    assert "nothing changed since the last build" in run(sources.folder, "build").stdout
    sources.write("two/b.md", "# B {#b}\n\n{{c1::x}}\n")
    (sources.root / "one/a.md").unlink()
    facts = json.loads(run(sources.folder, "build", "--json").stdout)
    assert (facts["added"], facts["changed"], facts["retired"]) == ([], ["b"], ["a"])


def test_mistakes_leave_everything_untouched(sources: Sources) -> None:
    """All mistakes are listed, the exit code is 1, and neither outputs nor ledger change."""
    fill(sources)
    run(sources.folder, "build")
    before = {path: path.read_bytes() for path in sources.folder.rglob("*") if path.is_file()}
    for name, text in BAD.items():
        sources.write(name, text)
    done = run(sources.folder, "build")
    assert done.returncode == 1
    assert done.stdout == ""
    assert [line.split(": ")[0] for line in done.stderr.splitlines()[:-1]] == [
        "cards/one/key.md:2:1", "cards/one/math.md:3:2", "cards/two/cloze.md:1:1",
    ]  # fmt: skip
    assert done.stderr.splitlines()[-1] == "3 mistakes in 3 files"
    for path, data in before.items():
        assert path.read_bytes() == data
    assert not list(sources.folder.rglob(".*"))


def test_a_folder_of_bad_cards(sources: Sources) -> None:
    """Over thirty bad files: one run lists every fault of each at its place, and writes nothing."""
    cases = [case for case in read_cases("mistakes.md") if case.wanted[:11] != "no mistakes"]
    sources.write("companies.yaml", COMPANIES)
    sources.write("sources.yaml", SOURCES)
    sources.write("one/figure.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    wanted: set[str] = set()
    for number, case in enumerate(cases):
        sources.write(f"one/bad-{number}.md", case.given)
        # Ids and questions of these files meet each other, too: those lines are not counted.
        # Advice is only counted where there are mistakes.
        lines = [line for line in case.wanted.splitlines() if ": advice: " not in line]
        lines = [line for line in lines if "card.md:1:1" not in line[7:]]
        wanted |= {line.replace("card.md:", f"cards/one/bad-{number}.md:", 1) for line in lines}
    (sources.folder / "build").mkdir()
    done = run(sources.folder, "build")
    assert done.returncode == 1
    assert len(cases) > 30
    told = {line.rpartition(" [")[0] for line in done.stderr.splitlines()}
    assert wanted - told == set()
    assert list((sources.folder / "build").iterdir()) == []
    assert not (sources.root / "deck.lock").exists()


def test_check_prints_for_people_and_machines(sources: Sources) -> None:
    """Text, JSON and annotations hold the same mistakes; a clean deck has none."""
    fill(sources)
    assert run(sources.folder, "check").stdout == "no mistakes in 2 files: 2 notes, 3 cards\n"
    assert json.loads(run(sources.folder, "check", "--format", "json").stdout) == []
    assert run(sources.folder, "check", "--locked").returncode == 1
    sources.write("one/math.md", BAD["one/math.md"])
    (found,) = json.loads(run(sources.folder, "check", "--format", "json").stdout)
    assert (found["path"], found["line"], found["column"]) == ("cards/one/math.md", 3, 2)
    notice = run(sources.folder, "check", "--format", "github").stdout
    assert notice.startswith(
        "::error file=cards/one/math.md,line=3,col=2,title=unreadable-formula::formula: unknown "
    )
    assert not (sources.root / "deck.lock").exists()


def test_selections(sources: Sources) -> None:
    """Options choose, combine and name the output; what does not exist is answered with what does."""
    sources.write(
        "companies.yaml",
        "companies:\n  - {slug: meta, name: Meta, aliases: [facebook]}\n  - {slug: apple, name: Apple}\n",
    )
    sources.write(
        "one/a.md", "---\ncompanies: [meta]\ndifficulty: hard\ntags: [x]\n---\n# A?\n\nx\n"
    )
    sources.write("one/b.md", "---\ncompanies: [apple]\ndifficulty: easy\n---\n# B?\n\nx\n")
    sources.write("two/c.md", "---\ncompanies: [meta]\n---\n# C?\n\nx\n")

    def built(*options: str) -> tuple[str, int]:
        done = run(sources.folder, "build", "--json", "--format", "apkg", *options)
        assert done.returncode == 0, done.stderr
        (output,) = json.loads(done.stdout)["outputs"]
        return Path(output["path"]).name, output["notes"]

    assert built("--company", "facebook") == ("small-meta.apkg", 2)
    assert built("--company", "meta", "--company", "apple") == ("small-apple-meta.apkg", 3)
    assert built("--company", "meta", "--category", "one") == ("small-meta-one.apkg", 1)
    assert built("--difficulty", "easy") == ("small-easy.apkg", 1)
    assert built("--tag", "x") == ("small-x.apkg", 1)
    assert built("--where", "tag:x") == ("small-x.apkg", 1)
    # Without what fills up a company's deck, it is another one.
    assert re.fullmatch(r"small-company-apple-\w{6}\.apkg", built("--where", "company:apple")[0])
    assert built("--where", "company:meta -difficulty:hard")[1] == 1
    for options, words in (
        (["--company", "mata"], "did you mean 'meta'?"),
        (["--company", "google"], "(one of: apple, meta; or choose by category and tag what it"),
        (["--company", "apple", "--difficulty", "hard"], "companies: apple, meta"),
        (["--where", "company:mata"], "--where, column 9"),
    ):
        done = run(sources.folder, "build", *options)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("$\\foo$", ["core", "emphasis", "work", "formula"]),
        ("[@knott]", ["core", "emphasis", "knott"]),
        ("\n\n```\nx", ["fence"]),
    ],
)
def test_what_all_notes_lack_is_told_beside_other_mistakes(
    wrong: str, told: Sequence[str], sources: Sources
) -> None:
    """It is held back only where the mistakes of a card may hide the very id, tag or citation."""
    sources.write("deck.yaml", DECK_YAML + "core: [nobody]\n")
    sources.write("sources.yaml", SOURCES)
    sources.write(
        "companies.yaml",
        "companies:\n  - {slug: meta, name: Meta, emphasis: [{source: report, says: X, tags: [none]}]}\n",
    )
    sources.write("bibliography.bib", "@book{knuth, title={A}, author={B, C}, year={2001}}\n")
    sources.write("one/a.md", f"# A? {{#a}}\n\nSee {wrong}\n")
    lines = {
        "core": "cards/deck.yaml:1:1: core: there is no note 'nobody'",
        "emphasis": "cards/companies.yaml:2:41: no note has the tag 'none'",
        "work": "cards/bibliography.bib:1:1: advice: nothing cites 'knuth'",
        "formula": "cards/one/a.md:3:6: formula: unknown command '\\foo'",
        "knott": "cards/one/a.md:3:5: the bibliography has no 'knott'",
        "fence": "cards/one/a.md:5:1: this fence",
    }
    done = run(sources.folder, "check").stderr
    assert [name for name, line in lines.items() if line in done] == told, done


@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("companies.yaml", "    colour: red\n    aliases: [go]\n", True),
        ("companies.yaml", "    alias: [go]\n", False),
        ("companies.yaml", "  - {name: Gogle}\n", False),
        ("companies.yaml", "  - {slug: Big Co, name: Gogle}\n", False),
        ("companies.yaml", "    aliases: go\n", False),
        ("sources.yaml", "  third: {title: No grade}\n", True),
        ("sources.yaml", "  Not A Slug: {title: X, grade: A}\n", False),
    ],
)
def test_names_in_a_file_with_a_mistake(
    name: str, wrong: str, told: bool, sources: Sources
) -> None:
    """Companies and sources are known by their names, unless one of these cannot be read."""
    sources.write("companies.yaml", "companies:\n  - slug: google\n    name: Google\n")
    sources.write("sources.yaml", SOURCES)
    with (sources.root / name).open("a", encoding="utf-8") as file:
        file.write(wrong)
    fact = "{fact: gone, kind: subject, source: reprot}"
    text = f"companies: {{gogle: {fact}, google: [{fact}, {{source: report}}]}}"
    sources.write("one/a.md", f"---\n{text}\n---\n# A? {{#a}}\n\nx\n")
    done = run(sources.folder, "check", "--format", "json")
    rules = [p["rule"] for p in json.loads(done.stdout)]
    wanted = {"companies.yaml": "unknown-company", "sources.yaml": "unknown-source"}
    assert (wanted[name] in rules) is told
    assert ("unknown-fact" in rules) is (name == "sources.yaml")
    assert not {"uncited-source", "weak-evidence"} & set(rules)
    desk = Desk(sources.root, jobs=1)
    desk.open()
    assert sorted(p.rule for _, found in desk.problems() for p in found) == sorted(rules)


ROUND = "rounds: [{kind: code, name: Code, categories: [three], cards: 3}]\n"


@pytest.mark.parametrize(
    ("name", "more", "told"),
    [
        ("deck.yaml", ROUND, ["unknown-category"]),
        ("deck.yaml", ROUND + "core: [nobody]\nfonts: [none.ttf]\n",
         ["unknown-core-note", "unknown-category", "missing-font"]),
        ("companies.yaml", "  - {slug: google, name: G}\n", ["company-twice"]),
    ],
)  # fmt: skip
def test_a_mistake_beside_the_cards_hides_no_names(
    name: str, more: str, told: Sequence[str], sources: Sources
) -> None:
    """A file that can be read names what it names; and no mistake is taken for what follows from it."""
    (sources.root / "companies.yaml").write_text(COMPANIES, encoding="utf-8")
    (sources.root / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    with (sources.root / name).open("a", encoding="utf-8") as file:
        file.write(more)
    sources.write("one/a.md", "# A? {#a}\n\nx\n")

    def rules() -> list[str]:
        done = run(sources.folder, "check", "--format", "json")
        assert done.stderr == ""
        return [p["rule"] for p in json.loads(done.stdout) if p["severity"] == "mistake"]

    assert rules() == told
    sources.write("one/a.md", "---\ncategory: three\ncompanies: [gogle]\n---\n# A? {#a}\n\nx\n")
    assert sorted(rules()) == sorted([*told, "unknown-category", "unknown-company"])


def test_core_and_importance(sources: Sources) -> None:
    """An expression asks for the deck's core, and for what notes say of their importance."""
    sources.write("deck.yaml", DECK_YAML + "core: [b]\n")
    sources.write("one/a.md", "# A? {#a importance=high}\n\nx\n\n# B? {#b}\n\nx\n")
    sources.write("one/c.md", "---\nimportance: normal\n---\n# C? {#c}\n\nx\n")

    def listed(expression: str) -> list[str]:
        done = run(sources.folder, "list", "--json", "--where", expression)
        assert done.returncode == 0, done.stderr
        return [row["id"] for row in json.loads(done.stdout)]

    assert listed("core:yes") == ["b"]
    assert listed("core:no") == listed("-core:yes") == ["a", "c"]
    assert listed("importance:high") == ["a"]
    assert listed("importance:normal") == ["b", "c"]
    assert listed("core:yes or importance:high") == ["a", "b"]
    for expression, words in (
        ("importance:low", "column 12: no note has the importance 'low' (one of: high, normal)"),
        ("core:true", "column 6: core: yes or no? (core:yes or core:no)"),
    ):
        done = run(sources.folder, "list", "--where", expression)
        assert done.returncode == 2
        assert words in done.stderr
    built = run(sources.folder, "build", "--format", "apkg", "--where", "-core:no", "--json")
    (output,) = json.loads(built.stdout)["outputs"]
    assert re.fullmatch(r"small-core-yes-\w{6}\.apkg", Path(output["path"]).name)


def test_coverage(sources: Sources) -> None:
    """A list of questions: gaps and unknown names are mistakes, and check counts what is answered."""
    sources.write("one/a.md", "# A? {#a covers=q-1,q-9}\n\nx\n")
    assert run(sources.folder, "check").returncode == 0
    items = "  - {id: q-1, type: question, topic: one}\n  - {id: q-2, type: question, topic: two}\n"
    sources.write("coverage/list.yaml", "title: A list\nitems:\n" + items)
    done = run(sources.folder, "check")
    assert done.stderr.splitlines()[:2] == [
        "cards/coverage/list.yaml:4:5: no note covers 'q-2' (two) (add covers=q-2 to the note that answers it) [uncovered-item]",
        "cards/one/a.md:1:1: 'a' covers unknown 'q-9' (did you mean 'q-2'?) [unknown-item]",
    ]  # fmt: skip
    sources.write("one/a.md", "# A? {#a covers=q-1}\n\nx\n")
    items = items.replace("topic: two", "topic: two, left_out: an advertisement")
    sources.write("coverage/list.yaml", "title: A list\nitems:\n" + items)
    text = "coverage: 2 of 2 items (1 answered, 1 left out with a reason)"
    assert text in run(sources.folder, "check").stdout


def test_list_and_stats(sources: Sources) -> None:
    """Notes as a table or as JSON, and their numbers."""
    fill(sources)
    assert [row["id"] for row in json.loads(run(sources.folder, "list", "--json").stdout)] == [
        "a",
        "b",
    ]
    assert "A?" in run(sources.folder, "list").stdout
    stats = json.loads(run(sources.folder, "stats", "--json").stdout)
    assert (stats["notes"], stats["cards"], stats["figures"]) == (2, 3, 2)
    assert stats["kind"] == {"basic": 1, "cloze": 1}


def test_wrong_calls(sources: Sources) -> None:
    """A call that makes no sense is answered with exit code 2."""
    fill(sources)
    for call in (
        ["build", "--format", "docx"],
        ["build", "nowhere"],
        ["build", "--difficulty", "x"],
        ["bild"],
    ):
        done = run(sources.folder, *call)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_an_empty_folder_is_told_what_is_missing(tmp_path: Path) -> None:
    """Neither deck.yaml nor cards: both are said."""
    (tmp_path / "cards").mkdir()
    done = run(tmp_path, "build")
    assert done.returncode == 1
    assert "there is no deck.yaml" in done.stderr
    assert "there are no cards here" in done.stderr


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_schemas_are_valid_and_published(name: str, sources: Sources) -> None:
    """The schema that `check --schema` prints is JSON Schema, and docs/schema holds the same."""
    fill(sources)
    schema = json.loads(run(sources.folder, "check", "--schema", name).stdout)
    Draft202012Validator.check_schema(schema)
    published = Path(__file__).parents[1] / "docs/schema" / f"{name}.schema.json"
    assert json.loads(published.read_text(encoding="utf-8")) == schema


def test_schema_completes_what_the_reader_takes() -> None:
    """Front matter that the reader takes is valid for editors, and a misspelt key is not."""
    from deckpress.schema.validation import json_schema

    validator = Draft202012Validator(json_schema("front-matter"))
    good = {
        "category": "a", "difficulty": "easy", "tags": ["x"], "companies": ["google"],
        "sources": [{"title": "T", "url": "https://example.org"}], "checked": "2026-11-22",
    }  # fmt: skip
    assert validator.is_valid(good)
    assert validator.is_valid({**good, "companies": {"google": {"kind": "asked", "grade": "A"}}})
    assert not validator.is_valid({**good, "dificulty": "easy"})
    assert not validator.is_valid({**good, "difficulty": "eazy"})


def test_mistakes_on_a_terminal(sources: Sources) -> None:
    """Each shows its line, with a mark under the place; a list is one line a note, cut to fit."""
    sources.write("one/a.md", "# A? {#a}\n\nSome 日本 $\\nope$ text.\n")
    program = f"COLUMNS=60 '{sys.executable}' -m deckpress"
    shown = subprocess.run(
        ["script", "-qec", f"{program} check", "/dev/null"],
        cwd=sources.folder, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).replace("\r", "").split("\n")
    at = plain.index("3 | Some 日本 $\\nope$ text.")
    assert plain[at + 1] == "  | " + " " * 11 + "^"
    said = " ".join(" ".join(plain[:at]).split())
    assert (
        "unknown command '\\nope' (a function of that name is \\operatorname{nope}) [unreadable-formula]"
        in said
    )
    assert all(len(line) <= 60 for line in plain)
    sources.write("one/a.md", f"# {'Why? ' * 30}{{#a}}\n\nx\n")
    shown = subprocess.run(
        ["script", "-qec", f"{program} list", "/dev/null"],
        cwd=sources.folder, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    first = shown.replace("\r", "").split("\n")[0]
    assert 50 < len(first) <= 60
    assert first.endswith(" Why?…")
    assert "Why? " * 29 in run(sources.folder, "list").stdout


@pytest.mark.parametrize("env", [{"COLUMNS": "0"}, {"COLUMNS": "20"}, {"FORCE_COLOR": "1"}])
def test_what_a_program_reads_is_not_broken(sources: Sources, env: dict[str, str]) -> None:
    """Neither by a narrow terminal, or none, nor by colours: each mistake and output is a line."""
    sources.write("one/a.md", "# A? {#a}\n\nSome $\\nope$ text.\n")
    said = run(sources.folder, "check", **env).stderr
    place, counted = re.sub(r"\x1b\[[0-9;]*m", "", said).splitlines()
    assert place.startswith("cards/one/a.md:3:7: ")
    assert place.endswith("[unreadable-formula]")
    assert counted == "1 mistake in 1 file"
    sources.write("one/a.md", "# A? {#a}\n\nSome text.\n")
    out = Path("-".join(["long"] * 40), "-".join(["name"] * 30))
    told = run(sources.folder, "build", "--format", "json", "--out", str(out), **env).stdout
    assert f"\n{out}/" in re.sub(r"\x1b\[[0-9;]*m", "", told)
    assert any(f"{out}/" in line and " 1 " in line for line in told.splitlines())


def test_a_path_stays_whole_on_a_narrow_terminal(sources: Sources) -> None:
    """It can be clicked on and copied; what is said of it is broken between words."""
    name = f"one/{'a' * 50}.md"
    sources.write(name, "# A? {#a}\n\nSome $\\nope$ text.\n")
    for columns in (1, 30):
        program = f"TERM=dumb COLUMNS={columns} '{sys.executable}' -m deckpress check"
        shown = subprocess.run(
            ["script", "-qec", program, "/dev/null"],
            cwd=sources.folder, capture_output=True, text=True, check=False,
        ).stdout.replace("\r", "").splitlines()  # fmt: skip
        assert f"cards/{name}:3:7:" in shown
        assert any(line.endswith(" [unreadable-formula]") for line in shown)


def test_sarif(sources: Sources) -> None:
    """Code scanning reads where each mistake is, and what its rule is for."""
    sources.write("one/a.md", "# A? {#a}\n\nSome $\\nope$ and [x](y).\n")
    log = json.loads(run(sources.folder, "check", "--format", "sarif").stdout)
    (found,) = log["runs"]
    names = [rule["id"] for rule in found["tool"]["driver"]["rules"]]
    assert [names[one["ruleIndex"]] for one in found["results"]] == [
        "unreadable-formula",
        "dead-link",
    ]
    place = found["results"][1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "cards/one/a.md", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {
        "startLine": 3,
        "startColumn": 18,
        "snippet": {"text": "Some $\\nope$ and [x](y)."},
    }


@pytest.mark.skipif(sys.platform != "linux", reason="others refuse such names")
def test_a_name_that_is_no_utf_8(sources: Sources) -> None:
    """Every form names the file: SARIF as addresses do, the others with the byte's number."""
    sources.write("one/\udcff.md", "# A? {#a}\n\nSome $\\nope$.\n")
    log = json.loads(run(sources.folder, "check", "--format", "sarif").stdout)
    (found,) = log["runs"][0]["results"]
    place = found["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "cards/one/%FF.md"
    for form in ("text", "json", "github"):
        done = run(sources.folder, "check", "--format", form)
        assert "cards/one/\\udcff.md" in done.stdout + done.stderr


def test_every_form_says_all_of_it(sources: Sources) -> None:
    """Advice and mistakes, line and column, the line itself, why it matters, and what mends it."""
    sources.write("one/a, b%.md", "# A? {#a difficulty=esy}\n\nSome.\n\nSee ==this.\n")
    found = json.loads(run(sources.folder, "check", "--format", "json").stdout)
    assert [(each["severity"], each["line"], each["column"]) for each in found] == [
        ("mistake", 1, 10),
        ("advice", 5, 5),
    ]
    assert found[0]["excerpt"] == "# A? {#a difficulty=esy}"
    assert found[0]["why"].startswith("Unknown or malformed values")
    assert found[0]["fixes"] == [
        {
            "title": "write easy",
            "safe": False,
            "edits": [{"line": 1, "column": 21, "end_column": 24, "new": "easy"}],
        }
    ]
    (log,) = json.loads(run(sources.folder, "check", "--format", "sarif").stdout)["runs"]
    assert [one["level"] for one in log["results"]] == ["error", "note"]
    address = {"uri": "cards/one/a%2C%20b%25.md", "uriBaseId": "%SRCROOT%"}
    assert log["results"][0]["fixes"] == [
        {
            "description": {"text": "write easy"},
            "artifactChanges": [
                {
                    "artifactLocation": address,
                    "replacements": [
                        {
                            "deletedRegion": {"startLine": 1, "startColumn": 21, "endColumn": 24},
                            "insertedContent": {"text": "easy"},
                        }
                    ],
                }
            ],
        }
    ]
    helps = {rule["id"]: rule["help"]["text"] for rule in log["tool"]["driver"]["rules"]}
    assert "To allow it, write <!-- allow: unclosed-mark -->" in helps["unclosed-mark"]
    assert "allow" not in helps["unknown-value"]
    # Seen from a folder of the repository, by an absolute path.
    top = {"GITHUB_WORKSPACE": str(sources.folder.parent)}
    cards = str(sources.root.resolve())
    lines = run(sources.folder, "check", cards, "--format", "github", **top).stdout.splitlines()
    file = f"file={sources.folder.name}/cards/one/a%2C b%25.md"
    assert lines == [
        f"::error {file},line=1,col=10,title=unknown-value::unknown difficulty 'esy' "
        "(did you mean 'easy'?)",
        f"::warning {file},line=5,col=5,title=unclosed-mark::'==' opens nothing "
        "(write marked words between == and ==; code goes into backticks)",
    ]


def test_every_option_is_described() -> None:
    """Each says what it does, and what its value is by more than a type of Python."""
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, (name, option.name)
                shown = "" if option.is_flag else option.make_metavar(click.Context(command))
                assert shown not in ("TEXT", "INTEGER", "INTEGER RANGE", "FLOAT"), (
                    name,
                    option.name,
                )


DOCS = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "path", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in DOCS.glob("docs/*.md"))]
)
def test_the_docs_name_only_options_that_there_are(path: str) -> None:
    """What stands as code and begins with an option or `deckpress` can be typed like that."""
    known = {"--help", "--version"}
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command
        for parameter in command.params:
            known |= {*parameter.opts, *parameter.secondary_opts}
    text = (DOCS / path).read_text(encoding="utf-8")
    fences = "\n".join(re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL))
    code = re.findall(r"`((?:--\w|deckpress )[^`]*)`", text)
    code += re.findall(r"^(?:\S*/)?(deckpress .+)$", fences, re.MULTILINE)
    said = {option for each in code for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", each)}
    rejected = {"--templates"} if path == "docs/decisions.md" else set()
    assert said - rejected <= known
    typed = {each.split()[1] for each in code if each.startswith("deckpress ")}
    assert {word for word in typed if not word.startswith("-")} <= set(COMMANDS)


def test_options_that_would_change_nothing(sources: Sources) -> None:
    """How the PDF is to look is refused where none is made."""
    fill(sources)
    for option in (["--large"], ["--landscape"], ["--detail", "full"], ["--paper", "letter"]):
        done = run(sources.folder, "build", "--format", "apkg,html", *option)
        assert done.returncode == 2
        assert f"{option[0]} changes only what is printed: add pdf to --format" in done.stderr
    done = run(sources.folder, "build", "--format", "cards,cards", "--paper", "letter")
    assert done.returncode == 0, done.stderr


def test_help_fits_in_80_columns(sources: Sources) -> None:
    """No line of the help of a command is wider, and rows of `list` are level."""
    for name in COMMANDS:
        said = run(sources.folder, name, "--help", COLUMNS="80").stdout
        assert max(map(len, said.splitlines())) <= 80, name
    cards = f"# One? {{#a{'-long' * 8}}}\n\nx\n\n# Two? {{#b}}\n\nx\n"
    sources.write("a.md", f"---\ncategory: one\n---\n\n{cards}")
    first, second, *_ = run(sources.folder, "list").stdout.splitlines()
    assert first.index("One?") == second.index("Two?")


def test_words_are_never_broken_on_a_terminal(sources: Sources) -> None:
    """Lines are as wide as the terminal at most, and break and end between words."""
    words = [f"{'abcdefgh' * 2}{number:02}" for number in range(20)]
    sources.write("one/a.md", f"# {' '.join(words)} {{#a}}\n\nx\n")
    sources.write("one/b.md", f"---\ndifficulty: {words[0]}\n---\n# B? {{#b}}\n\nx\n")
    facts = f"[{{key: k, kind: subject, source: s, says: {' '.join(words)}}}]"
    sources.write("companies.yaml", f"companies:\n  - {{slug: acme, name: Acme, facts: {facts}}}\n")
    sources.write("sources.yaml", "sources:\n  s: {title: A talk, grade: B}\n")
    lines = on_terminal(sources.folder, "check")
    (sources.root / "one/b.md").unlink()
    lines += on_terminal(sources.folder, "list")
    lines += on_terminal(sources.folder, "companies", "acme")
    lines += on_terminal(sources.folder, "companies", " ".join(words))
    assert max(map(len, lines)) <= 80
    found = [word.strip("'():…?,") for line in lines for word in line.split() if "abc" in word]
    assert len(found) > len(words)
    assert set(found) <= set(words)


def above_the_mark(lines: Sequence[str]) -> str:
    """Return what stands above the last mark and to its right, wide characters as two."""
    *_, at = (number for number, line in enumerate(lines) if line.strip(" |") == "^")
    wide = "".join(c * (1 + (east_asian_width(c) == "W")) for c in lines[at - 1])
    return wide[lines[at].index("^") :]


@pytest.mark.parametrize("columns", [60, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_what_was_typed_is_marked_at_its_place(
    sources: Sources, monkeypatch: pytest.MonkeyPatch, columns: int, encoding: str
) -> None:
    """In a narrow terminal a part of it is shown, and the mark is right below wide characters."""
    sources.write("one/a.md", "# A 日本語? {#a tags=ranking}\n\nx\n")
    sources.write(
        "one/b.md",
        "# B? {#b}\n\n日本語の長い文章です、とても長い文章です。" * 3 + "[that](that.txt)",
    )
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    checked = on_terminal(sources.folder, "check", columns=columns)
    assert above_the_mark(checked).startswith("[that](that.txt)")
    sources.write("one/b.md", "# B? {#b}\n\nx\n")
    where = (
        '("日本語" -id:b) or kind:basic or id:a or id:b or id:* or difficulty:easy or kind:basic'
    )
    shown = on_terminal(sources.folder, "list", "--where", where, columns=columns)
    assert above_the_mark(shown).startswith("easy or ki")
    both = "".join(shown + checked)
    assert max(sum(1 + (east_asian_width(c) == "W") for c in line) for line in shown) <= columns
    assert ("日本語" in both) is (encoding == "utf-8")


def test_what_is_cut_is_cut_in_the_letters_of_the_terminal(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a terminal has no sign for what was left out, or no letters, no line is too long."""
    sources.write("one/a.md", f"# Was für {'schöne ' * 20}Wörter? {{#a}}\n\nx\n")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    line, _ = on_terminal(sources.folder, "list", columns=60)
    assert line.endswith("sch\\xf6ne...")
    assert len(line) <= 60


CARD = "---\ncompanies: {google: search}\nsources: [lee2020]\ntags: [apples]\ncovers: [apples]\n---\n# A?\n\nx\n"
WORK = "references:\n  - {id: lee2020, type: book, title: A book}\n"
COVERED = "title: List\nitems:\n  - {id: apples, type: question, topic: Apples}\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "companies.yaml",
            "source: report",
            "source: reprt",
            "companies.yaml:5:40: unknown source",
        ),
        (
            "one/a.md",
            "companies: {google: search}\nsources: [lee2020]\ntags: [apples]\ncovers: [apples]",
            "apples",
            "one/a.md:2:1: a mapping of keys",
        ),
        ("one/a.md", "sources", "sorces", "one/a.md:3:1: unknown key 'sorces'"),
        ("one/a.md", "x\n", "$\\foo$\n", "one/a.md:9:2: formula"),
        (
            "companies.yaml",
            "facts",
            "fcts",
            "companies.yaml:5:5: unknown key 'fcts' (did you mean 'facts'?)",
        ),
        (
            "sources.yaml",
            "grade: A",
            "grad: A",
            "sources.yaml:2:29: unknown key 'grad'",
        ),
        (
            "bibliography.yaml",
            "title: A",
            "titel: A",
            "bibliography.yaml:2:5: the key 'title' is missing",
        ),
        (
            "coverage/a.yaml",
            "topic",
            "tpic",
            "coverage/a.yaml:3:34: unknown key 'tpic' (did you mean 'topic'?)",
        ),
        (
            "deck.yaml",
            "title",
            "tittle",
            "deck.yaml:1:1: unknown key 'tittle' (did you mean 'title'?)",
        ),
    ],
)
def test_a_mistake_is_told_once(file: str, old: str, new: str, told: str, sources: Sources) -> None:
    """What follows from it is no mistake of its own: what leans on it, what is no longer cited."""
    companies = COMPANIES + "    emphasis: [{tags: [apples], source: rumour, says: Apples}]\n"
    files = {
        "companies.yaml": companies, "sources.yaml": SOURCES, "bibliography.yaml": WORK,
        "one/a.md": CARD, "coverage/a.yaml": COVERED, "deck.yaml": DECK_YAML,
    }  # fmt: skip
    for name, text in files.items():
        sources.write(name, text)
    assert run(sources.folder, "check", "--strict").returncode == 0
    sources.write(file, files[file].replace(old, new, 1))
    line, count = run(sources.folder, "check").stderr.splitlines()
    assert line.startswith(f"cards/{told}"), line
    assert count == "1 mistake in 1 file"


def test_where_there_is_no_folder_of_cards(sources: Sources) -> None:
    """The usual folder is missing: what would help is said, for here and for inside of it."""
    sources.write("one/a.md", "# A?\n\nx\n")
    for folder, hint in (
        (sources.root, "deck.yaml is in this folder, which is called '.'"),
        (sources.root / "one", "`deckpress init` begins a deck"),
    ):
        for command in (["check"], ["new", "B?"]):
            done = run(folder, *command)
            assert (done.returncode, hint in done.stderr) == (2, True), done.stderr
    done = run(sources.folder, "check", ".")
    assert (done.returncode, "it is in 'cards'" in done.stderr) == (1, True), done.stderr


def test_formats_add_up(sources: Sources) -> None:
    """Like what selects notes, the option may be given again, instead of a comma."""
    fill(sources)
    done = run(sources.folder, "build", "--format", "json", "--format", "md, tsv", "--format=json")
    assert done.returncode == 0, done.stderr
    built = {path.suffix for path in (sources.folder / "build").iterdir()}
    assert built == {".json", ".md", ".tsv"}
    assert "default: apkg,update,html,pdf" in " ".join(
        run(Path(), "build", "--help").stdout.split()
    )
