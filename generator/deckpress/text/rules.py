"""Every rule for the sources, by name: its severity, what it finds, and why it matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["mistake", "advice"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `what` it finds in the sources, and `why` that matters.

    A mistake fails; advice is told and can be allowed, for a line or for a deck. `printed` is what
    only a PDF shows, and so only a build that makes one.
    """

    severity: Severity
    what: str
    why: str
    printed: bool = False


def _mistake(what: str, why: str) -> Rule:
    return Rule("mistake", what, why)


def _advice(what: str, why: str) -> Rule:
    return Rule("advice", what, why)


def _printed(what: str, why: str) -> Rule:
    return Rule("advice", what, why, printed=True)


_RAW = "It would appear on the card as raw markup, without a message."
_LOST = "It would not reach the card, and no message would say so."
_NAMES = "A name that refers to nothing is a typing error, and whatever it should add is missing."
_SHAPE = "Unknown or malformed values would be ignored, and their meaning lost."

RULES: Mapping[str, Rule] = {
    # Files
    "unreadable-file": _mistake("A file cannot be opened, or is not a regular file.", _LOST),
    "link-out": _mistake(
        "A symbolic link leads out of the deck's folder.", "Its target is not part of the deck."
    ),
    "linked-folder": _advice(
        "A symbolic link leads to a folder with cards or templates.",
        "Links to folders are not followed: cards would be in the deck twice.",
    ),
    "unportable-name": _advice(
        "A file name is not possible on Windows, or clashes with another on Windows or macOS.",
        "A clone of the deck there would lack a card.",
    ),
    "file-too-large": _mistake(
        "A file is larger than the limit.", "Phones choke on it, and AnkiWeb refuses it."
    ),
    "not-utf8": _mistake("A file is not UTF-8.", "Its letters cannot be decoded."),
    "unfinished-merge": _mistake(
        "Git's conflict markers are in a file.", "Both sides of the merge would be on the cards."
    ),
    "forbidden-character": _mistake(
        "A file contains a control or private-use character.",
        "Anki separates fields with such a character, and outputs use others as markers.",
    ),
    "wrong-ending": _mistake("A card file's name does not end in .md.", _LOST),
    "no-cards": _mistake("The folder contains no card file.", "There is nothing to build."),
    # Decks of others, on their way in
    "unreadable-deck": _mistake(
        "A deck to import is damaged, too large, or in another format than it claims.",
        "It comes from somebody else, so nothing in it is guessed.",
    ),
    "import-map": _mistake(
        "An import map does not fit the note types of the deck.",
        "A field that it does not name would be lost.",
    ),
    "import-several-notes": _mistake(
        "A note of a deck to import would become several cards.", "Its GUID belongs to one note."
    ),
    # YAML: front matter, deck.yaml and its neighbours
    "no-deck-file": _mistake(
        "The folder has no deck.yaml.", "It gives the deck its title, slug and categories."
    ),
    "unclosed-front-matter": _mistake(
        "The front matter has no closing line of dashes.", "The cards would be read as YAML."
    ),
    "not-yaml": _mistake(
        "A text is not YAML, or uses a part of YAML that is not supported here.", _LOST
    ),
    "key-twice": _mistake("A key occurs twice in one mapping.", "One of the two would be lost."),
    "missing-key": _mistake("A required key is missing.", _SHAPE),
    "unknown-key": _mistake("A key has no meaning here.", _SHAPE),
    "unknown-value": _mistake("A word is not one of the known values here.", _SHAPE),
    "not-a-slug": _mistake(
        "A slug or id contains something other than lower-case letters, digits and dashes.",
        "It becomes part of file names, tags and identities that must never change.",
    ),
    "bad-value": _mistake("A value cannot be used as it is written.", _SHAPE),
    "wrong-shape": _mistake(
        "A list, a word or a mapping is in a place where another of these is expected.", _SHAPE
    ),
    "category-twice": _mistake(
        "Two categories have the same slug or name.", "Anki tells decks apart by their names."
    ),
    "category-disorder": _mistake(
        "A category's number does not come after that of the one before it.",
        "Anki studies subdecks in the order of their names.",
    ),
    "unknown-core-note": _mistake("`core` names a note that does not exist.", _NAMES),
    "unknown-rule": _mistake(
        "`allow` names a rule that does not exist or is not advice.",
        "Only advice can be allowed; a mistake goes wrong in any case.",
    ),
    # Companies, sources, coverage
    "company-twice": _mistake(
        "A company or an alias is defined twice.", "A name must lead to one company."
    ),
    "fact-twice": _mistake(
        "A company has two facts with the same key.", "Cards name facts by their key."
    ),
    "unknown-company": _mistake("A card names an unknown company.", _NAMES),
    "unknown-fact": _mistake("A card names a fact that the company does not have.", _NAMES),
    "unknown-source": _mistake("A source is named that is not in sources.yaml.", _NAMES),
    "weak-source": _mistake(
        "A fact rests on a source of grade C.", "A list without sources proves nothing."
    ),
    "weak-evidence": _mistake(
        "'Asked at' has no source, or one of grade C.",
        "A company is named only with evidence.",
    ),
    "asked-without-card": _advice(
        "A question that a company asked has no card.",
        "The company's page says so, and a candidate would look for the card in vain.",
    ),
    "unknown-round": _mistake("A round has a kind that deck.yaml does not name.", _NAMES),
    "unknown-emphasis": _mistake("A company stresses a tag or category that no note has.", _NAMES),
    "uncited-source": _mistake(
        "A source in sources.yaml is not cited anywhere.", "The fact that it supported is missing."
    ),
    "unreadable-work": _mistake("An entry of the bibliography cannot be read.", _LOST),
    "work-twice": _mistake("Two works have the same key.", "Cards name works by their key."),
    "unused-work": _advice(
        "No card cites a work of the bibliography.",
        "The claim that it supported may be gone, or a citation may be missing.",
    ),
    "unknown-work": _mistake("A card cites a work that is not in the bibliography.", _NAMES),
    "unreadable-citation": _mistake("A source cannot be read as a citation.", _LOST),
    "item-twice": _mistake(
        "A list of questions contains an item twice.", "Cards name items by id."
    ),
    "unknown-item": _mistake("A card covers an item that does not exist.", _NAMES),
    "uncovered-item": _mistake(
        "No card answers an item of a question list, and the list does not say why.",
        "The deck promises to answer its lists of questions.",
    ),
    # Notes and their headings
    "no-question": _mistake(
        "A card file has no question.", "A note begins with a heading, which is its question."
    ),
    "text-before-question": _mistake("There is text before the first question.", _LOST),
    "underlined-heading": _mistake(
        "A heading is written by underlining it.",
        "A separator --- right below a paragraph turns the paragraph into a heading by accident.",
    ),
    "empty-question": _mistake(
        "A question has nothing that is visible.", "Its card would be blank."
    ),
    "missing-id": _mistake(
        "A note has no id, and its file contains several notes.",
        "The id identifies the card, and people's progress depends on it. `deckpress check --fix` "
        "writes one.",
    ),
    "shared-term": _mistake(
        "Front matter gives the same term to several notes.",
        "The term is the name of a single note on the night-before sheet.",
    ),
    "bad-id": _mistake(
        "A file's name cannot serve as its note's id.", "Ids are slugs, and are permanent."
    ),
    "id-twice": _mistake("Two notes have the same id.", "One would overwrite the other in Anki."),
    "question-twice": _mistake(
        "Two notes have the same front.", "Learners could not tell which answer is wanted."
    ),
    "question-lines": _mistake(
        "A line that begins with Q: does not start a note.",
        "Its question would become part of another note.",
    ),
    "tag-capitals": _advice("Two tags differ only in capitals.", "Anki treats them as one tag."),
    "attribute-twice": _mistake("A heading gives an attribute twice.", "One would be lost."),
    "unreadable-attributes": _mistake("The braces in a heading cannot be read.", _RAW),
    "kind-twice": _mistake("A heading names two kinds.", "A note has only one."),
    "unknown-kind": _mistake("No template describes this kind.", _NAMES),
    "unknown-category": _mistake("deck.yaml does not list this category.", _NAMES),
    "unfilled-card": _advice(
        "A card contains only what `deckpress new` wrote.", "Learners would get it like that."
    ),
    "no-answer": _mistake("A note has no answer.", "Its back would be blank."),
    "unknown-section": _mistake(
        "A heading is almost the name of a section.",
        "As an ordinary heading, it would end up among the details.",
    ),
    "empty-section": _mistake("A section is empty.", "Its heading promises something."),
    "section-twice": _mistake("A note has a section twice.", "One would be lost."),
    "section-on-front": _mistake("A section is above ---.", "It would give the answer away."),
    "retired-id": _mistake(
        "The id of a retired card is used again.",
        "People who had the old card would see its history on the new one.",
    ),
    "renamed-note": _mistake(
        "A note whose file was renamed has a different id.",
        "The old note would be retired and a new one added, and everyone would have to learn it "
        "from the start.",
    ),
    "changed-id": _advice(
        "A note has another id than before.",
        "The old note would be retired and a new one added, and everyone would have to learn it "
        "from the start.",
    ),
    "lost-card": _advice(
        "A note lost a hole or its reverse side.",
        "Nothing removes a card that people already have; it will say that it was taken out.",
    ),
    "gained-card": _advice(
        "A released note gained a hole or a reverse side.",
        "With Update notes: Never, the card comes with the package, but its text only with the "
        "update file.",
    ),
    "unknown-retired": _mistake("`replaces` names a card that never existed.", _NAMES),
    "note-type-changed": _mistake(
        "A released note changed to cloze or from cloze.", "Anki never turns one into the other."
    ),
    # Word pairs
    "unreadable-table": _mistake("A file of word pairs is not a valid table.", _LOST),
    "unnamed-columns": _mistake(
        "The first row of a table of word pairs does not name the columns for the words.",
        "If column names were read as a pair, or a pair as column names, one card would be wrong "
        "or missing.",
    ),
    "no-pairs": _mistake(
        "A table of word pairs contains no pairs.", "There is nothing to learn in it."
    ),
    "half-a-pair": _mistake(
        "One side of a word pair is empty.", "One side of its card would be blank."
    ),
    "pairs-heading": _mistake(
        "A heading of word pairs has attributes or text that only a note can have, or the reverse.",
        _LOST,
    ),
    "unread-table": _advice(
        "A .csv or .tsv file is not read.",
        "Word pairs are read only from words.csv and *.words.csv, because a deck may contain other "
        "tables.",
    ),
    # Holes
    "no-holes": _mistake("A cloze note hides nothing.", "It would have no card."),
    "hole-on-back": _mistake("A hole is on the back.", "It would make a card that shows nothing."),
    "hole-in-question": _mistake("A hole is in the question.", _RAW),
    "hole-in-image": _mistake("A hole is in the alt text of an image.", _RAW),
    "misspelt-hole": _mistake("Something looks like a hole but is not one.", _RAW),
    "empty-hole": _mistake("A hole hides nothing.", "There is nothing to recall."),
    "nested-holes": _mistake("A hole is inside another hole.", "Not every output could show it."),
    "hole-number": _mistake("A hole's number is out of range.", "Anki makes no card for it."),
    "double-colon-in-hole": _advice(
        "What follows '::' in a hole looks like code, not like a hint.",
        "It would be shown in the brackets on the front, and on no back.",
    ),
    "second-hint": _mistake("A hole has two hints.", _LOST),
    "braces-in-hint": _mistake("A hole's hint contains braces.", "Anki would end the hole there."),
    "markup-in-hint": _advice(
        "A hole's hint contains a formula, code or other markup.",
        "A hint is plain text: it is shown as typed.",
    ),
    "holes-without-cloze": _mistake(
        "Code contains holes in a note that is not a cloze note.", _RAW
    ),
    # Formulas
    "empty-formula": _mistake("A formula is empty.", "Nothing would be shown."),
    "unclosed-formula": _mistake("A formula never ends.", _RAW),
    "stray-dollars": _mistake("$$ does not belong to a formula.", _RAW),
    "formula-too-deep": _mistake(
        "A formula is nested too deeply.", "It would crash the program that reads it."
    ),
    "unreadable-formula": _mistake("A formula is not LaTeX that can be shown.", _RAW),
    "percent-in-formula": _mistake(
        "A formula contains %.", "In LaTeX, it hides the rest of its line."
    ),
    "unknown-to-anki": _mistake(
        "A formula uses a command that Anki's MathJax does not know.", _RAW
    ),
    "not-alike": _mistake(
        "One of the outputs reads a command differently.",
        "Anki, the sheet and the PDF must show the same formula.",
    ),
    "line-distance": _mistake(
        "A distance follows \\\\ in a formula.", "Some outputs show it as text."
    ),
    "numbered-formula": _mistake(
        "An environment would number its equations.", "Equations on cards are never numbered."
    ),
    "text-in-formula": _mistake(
        "\\text contains a LaTeX sign that Anki does not interpret there.", _RAW
    ),
    # Code
    "unclosed-fence": _mistake(
        "A code fence is never closed.", "It takes in everything that follows."
    ),
    "unknown-language": _mistake(
        "Code in this language cannot be coloured.", "Most often its name is misspelt."
    ),
    "unreadable-lines": _mistake("hl_lines does not name lines.", _SHAPE),
    "too-many-lines": _mistake(
        "hl_lines names more than a thousand lines.", "Then none stands out."
    ),
    "unknown-fence-word": _advice(
        "A word after the fence's language has no meaning here.",
        "It has no effect; but a misspelt 'test' would show the test on the card.",
    ),
    "slow-colouring": _mistake(
        "Code takes more than two seconds to colour.", "Some lexers never finish on such code."
    ),
    "failing-code": _mistake("The code of a note fails.", "The code that cards show must run."),
    "slow-code": _mistake("The code of a note runs too long.", "It may never end."),
    # Other Markdown
    "unread-html": _mistake(
        "An HTML tag is not supported, or a < looks like one.",
        "Anki accepts any HTML, including scripts, so only known tags are let through.",
    ),
    "html-attributes": _mistake("An attribute of an HTML tag has no effect.", _LOST),
    "unclosed-html": _mistake(
        "An HTML tag is never closed.", "It would take in everything that follows."
    ),
    "unopened-html": _mistake("An HTML end tag closes nothing.", "Its beginning is missing."),
    "crossed-markup": _mistake(
        "Markup overlaps instead of nesting.", "HTML and PDF cannot show it."
    ),
    "unclosed-comment": _mistake(
        "A comment is never closed.", "It takes in everything that follows."
    ),
    "question-in-html": _mistake("A question is inside HTML.", "It would not become a note."),
    "markdown-in-html": _mistake("Markdown directly follows an HTML tag.", _RAW),
    "unreadable-link": _mistake("A link or image cannot be read.", _RAW),
    "dead-link": _mistake(
        "A link on a card leads nowhere.", "A card cannot link to files or headings around it."
    ),
    "reference-twice": _mistake(
        "Two link references have the same name.", "One link would go to the wrong place."
    ),
    "missing-footnote": _mistake("A reference names a footnote that does not exist.", _RAW),
    "unused-footnote": _mistake("A footnote is defined, but nothing refers to it.", _LOST),
    "footnote-twice": _mistake("Two footnotes have the same name.", "One would be lost."),
    "too-many-cells": _mistake("A row has more cells than its table has columns.", _LOST),
    "stray-row": _advice(
        "A line directly below a table, or a bar alone, becomes a row of it.",
        "Markdown ends a table only at an empty line or another block.",
    ),
    "no-character": _mistake("An entity does not stand for a character.", _LOST),
    "note-too-long": _mistake(
        "A note has more than 50,000 characters, or a question more than 5,000.",
        "Nobody could answer it, and long texts take ever more time to set.",
    ),
    "nested-too-deep": _mistake("Blocks are nested too deeply.", _LOST),
    "wiki-link": _mistake(
        "The text contains a wiki link or embeds a page.", "A card cannot link to other notes."
    ),
    "unclosed-bold": _mistake("** opens or closes nothing.", _RAW),
    "latex-in-text": _mistake("LaTeX is outside a formula.", _RAW),
    "stray-dollar": _mistake(
        "A $ that is not money does not belong to a formula.",
        "It would be shown, and so would the formula, as typed.",
    ),
    "blank-line-in-formula": _mistake(
        "A formula between $$ has an empty line.", "LaTeX ends a formula there."
    ),
    "raw-attributes": _mistake("Attributes in braces belong to nothing.", _RAW),
    "raw-dialect": _advice(
        "The text contains markup of another program, such as {{embed}}, key:: value or :tada:.",
        "Here it is plain text.",
    ),
    "missing-address": _advice(
        "A link refers to an address that is not defined, as in [words][name].", _RAW
    ),
    "raw-box": _mistake("A box is written with ::: or !!!.", _RAW),
    "raw-contents": _mistake(
        "A marker asks for a table of contents.",
        "Cards have none, so the marker would be shown as text.",
    ),
    "raw-template-tag": _advice(
        "The text contains a tag of a site generator, such as {% raw %}.", _RAW
    ),
    "inline-footnote": _mistake("A footnote is written within the text, ^[such as this].", _RAW),
    "abbreviation": _mistake("An abbreviation is defined, *[HTML]: ...", _RAW),
    "no-table": _mistake("A row of bars and dashes does not form a table.", _RAW),
    "unclosed-mark": _advice("== opens or closes nothing.", _RAW),
    "stray-block-id": _advice("A block id is in the middle of a block.", _RAW),
    "single-tilde": _advice(
        "Words are between single tildes.",
        "GitHub strikes them out and Pandoc makes them subscripts; here the tildes are plain text.",
    ),
    "unclosed-code": _advice("A backtick opens or closes nothing.", _RAW),
    "raw-anki": _advice(
        "The text contains a command of Anki, such as [latex].", "Here it is plain text."
    ),
    "no-list": _advice(
        "A line looks like a list item but is not one.",
        "Markdown joins it to the paragraph before it.",
    ),
    "double-underscore": _advice(
        "A word is between double underscores.", "`__init__` becomes a bold 'init'."
    ),
    "dropped-attributes": _advice(
        "Attributes have no effect.", "The look of cards comes from templates."
    ),
    "diagram-code": _mistake(
        "A diagram is written as text, such as mermaid.",
        "The card would show its source instead of a figure.",
    ),
    # Figures
    "named-by-file": _advice(
        "An embed does not describe what is to be seen.",
        "Screen readers and the PDF would say the file name in place of the image.",
    ),
    "no-alt-text": _mistake(
        "An image has no alt text.",
        "Screen readers, search and the PDF need words in place of the image.",
    ),
    "remote-image": _mistake("An image is on the web.", "Cards are used offline."),
    "bad-image-path": _mistake("An image's path is not relative.", "It works on only one machine."),
    "missing-image": _mistake("An image's file does not exist.", "The card would show a gap."),
    "image-outside": _mistake(
        "An image is outside the deck's folder.", "It would not be part of the deck."
    ),
    "misshapen-image": _mistake(
        "An image file is cut off or damaged.", "The card would show a gap."
    ),
    "unsettable-card": _mistake(
        "A card cannot be set in the PDF, or one of its formulas cannot be drawn.",
        "No output is written without all of its cards.",
    ),
    "unknown-media-format": _mistake(
        "A file is not a figure, sound or video, or its contents do not match its extension.",
        "Not every output and program could show or play it.",
    ),
    "media-in-alt-text": _mistake("An image or sound is in an image's alt text.", _LOST),
    "unreadable-svg": _mistake("An SVG file cannot be read.", "The card would show a gap."),
    "unsafe-svg": _mistake(
        "An SVG file does more than draw.",
        "Anki would run whatever it contains; a figure should only draw.",
    ),
    "stale-figure": _mistake(
        "A figure differs from what its script draws.", "One of them is out of date."
    ),
    # Fonts
    "missing-font": _mistake(
        "A font that deck.yaml names does not exist.",
        "The PDF would print boxes instead of its characters.",
    ),
    "missing-glyphs": _printed(
        "The PDF's fonts lack these characters.",
        "The PDF prints a box with the character's number; Anki and HTML use the reader's fonts.",
    ),
    "typewriter-letters": _printed(
        "Only the PDF's font for code has these letters.",
        "It is made for programs: all letters are equally wide, which is hard to read in a script "
        "whose letters join, such as Arabic. Anki and HTML use the reader's fonts.",
    ),
    "small-print": _printed(
        "A formula is larger than a paper card and cannot be divided.",
        "It is printed in smaller type than most people can read.",
    ),
    # The ledger
    "broken-ledger": _mistake(
        "deck.lock is not as a build wrote it.",
        "It records when each card changed; without it, updates go wrong for everyone.",
    ),
    "ledger-behind": _mistake(
        "deck.lock does not match the cards.", "A release commits both together."
    ),
    "released-note-type": _mistake(
        "The fields of a released note type changed.", "Anki would refuse every later update."
    ),
    "released-deck": _mistake(
        "A released category has another name.", "An import never moves cards that exist."
    ),
    "replaced-deck": _advice(
        "The notes of a released category are in a new one of another name.",
        "An import never moves cards that exist: people get a second deck for the new ones.",
    ),
    # Templates
    "missing-template": _mistake("A template is missing.", "Nothing could fill its field."),
    "broken-template": _mistake("A template cannot be used.", "No output could be made with it."),
    "unused-template": _mistake("No output uses this file.", _NAMES),
    "unknown-word": _mistake(
        "`words` has a key that the program does not use, or a placeholder that nothing fills.",
        _NAMES,
    ),
    "unknown-token": _mistake("Nothing uses a colour, size or font of this name.", _NAMES),
    "unknown-note-type": _mistake("A kind's note type does not exist.", _NAMES),
    "unknown-field": _mistake("A template uses a field that does not exist.", _NAMES),
    "learner-field": _mistake(
        "The deck fills a learner's field, or one of the deck's fields comes after it.",
        "The update file reaches only the fields before the learner's, and must leave these alone.",
    ),
    "cloze-mismatch": _mistake(
        "A cloze kind uses a note type that is not cloze, or the reverse.",
        "Anki would make no cards from it.",
    ),
}
"""The catalogue: what `deckpress check --explain` prints."""


def how_to_allow(name: str) -> str:
    """Return a sentence that says how advice is allowed; of a mistake, nothing."""
    if RULES[name].severity != "advice":
        return ""
    return (
        f"To allow it, write <!-- allow: {name} --> on the line before or at the end of the line, "
        f"or allow: [{name}] in deck.yaml."
    )


def advice_names() -> list[str]:
    """Return the names of the rules that can be allowed."""
    return [name for name, rule in RULES.items() if rule.severity == "advice"]
