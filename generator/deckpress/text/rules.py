"""Every rule that the sources are held to, by name: how grave it is, what it says, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["mistake", "advice"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `what` it finds in the sources, and `why` that matters.

    A mistake fails; advice is told and can be allowed, for a line or for a deck.
    """

    severity: Severity
    what: str
    why: str


def _mistake(what: str, why: str) -> Rule:
    return Rule("mistake", what, why)


def _advice(what: str, why: str) -> Rule:
    return Rule("advice", what, why)


_RAW = "It would arrive on the card as it stands, raw, and nobody would be told."
_LOST = "It would be lost on the way to the card, and nobody would be told."
_NAMES = "A name that leads nowhere is a slip of the pen, and what it was to bring is missing."
_SHAPE = "Unknown or misshapen values would be passed over, with whatever they were to say."

RULES: Mapping[str, Rule] = {
    # Files
    "unreadable-file": _mistake("A file cannot be opened, or is none.", _LOST),
    "link-out": _mistake(
        "A link leads out of the deck's folder.", "What is behind it does not travel with the deck."
    ),
    "unportable-name": _advice(
        "A file's name that Windows or macOS cannot hold beside the others.",
        "Whoever clones the deck there lacks a card.",
    ),
    "file-too-large": _mistake(
        "A file is larger than is taken.", "Phones choke on it, and AnkiWeb refuses it."
    ),
    "not-utf8": _mistake("A file is not UTF-8.", "Its letters cannot be told."),
    "forbidden-character": _mistake(
        "A control or private-use character.",
        "Anki separates fields by such a character, and outputs mark places with others.",
    ),
    "wrong-ending": _mistake("A card file ends otherwise than in .md.", _LOST),
    "no-cards": _mistake("The folder holds no card file.", "There is nothing to build."),
    # Decks of others, on their way in
    "unreadable-deck": _mistake(
        "A deck to import is damaged, too large, or of another kind than it says.",
        "It comes from somebody else; nothing of it is guessed.",
    ),
    "import-map": _mistake(
        "A map for an import does not fit the note types of the deck.",
        "A field that it does not name would be lost.",
    ),
    "import-several-notes": _mistake(
        "A note of a deck to import would become several cards.", "Its GUID is one note's."
    ),
    # YAML: front matter, deck.yaml and its neighbours
    "no-deck-file": _mistake(
        "The folder has no deck.yaml.", "It gives the deck its title, slug and categories."
    ),
    "unclosed-front-matter": _mistake(
        "The front matter has no closing line of dashes.", "The cards would be taken for YAML."
    ),
    "not-yaml": _mistake("A text is no YAML, or uses what is not read here.", _LOST),
    "key-twice": _mistake("A key stands twice in one mapping.", "One of the two would be lost."),
    "missing-key": _mistake("A key that must be there is missing.", _SHAPE),
    "unknown-key": _mistake("A key that nothing reads.", _SHAPE),
    "unknown-value": _mistake("A word that is not among those that are known here.", _SHAPE),
    "not-a-slug": _mistake(
        "A slug or id holds more than lower-case letters, digits and dashes.",
        "It becomes part of file names, tags and identities that must never change.",
    ),
    "bad-value": _mistake("A value cannot be used as it is written.", _SHAPE),
    "wrong-shape": _mistake("A list, a word or a mapping stands where another is meant.", _SHAPE),
    "category-twice": _mistake(
        "Two categories have one slug or name.", "Anki tells decks apart by their names."
    ),
    "category-disorder": _mistake(
        "A category's number does not come after that of the one before it.",
        "Anki studies subdecks in the order of their names.",
    ),
    "unknown-core-note": _mistake("`core` names a note that does not exist.", _NAMES),
    "unknown-rule": _mistake(
        "A rule is allowed that does not exist, or that is no advice.",
        "Only advice can be allowed; a mistake would go wrong all the same.",
    ),
    # Companies, sources, coverage
    "company-twice": _mistake("A company, or an alias, is given twice.", "It must lead to one."),
    "fact-twice": _mistake("A company has two facts of one key.", "Cards name facts by their key."),
    "unknown-company": _mistake("A card names a company that is not known.", _NAMES),
    "unknown-fact": _mistake("A card names a fact that the company does not have.", _NAMES),
    "unknown-source": _mistake("A source is named that sources.yaml does not hold.", _NAMES),
    "weak-source": _mistake(
        "A fact rests on a source of grade C.", "A list without sources proves nothing."
    ),
    "weak-evidence": _mistake(
        "'Asked at' rests on nothing, or on a source of grade C.",
        "A company is named only with evidence.",
    ),
    "asked-without-card": _advice(
        "A question that a company asked has no card.",
        "Its page says so, and a candidate looks for the card.",
    ),
    "unknown-round": _mistake("A round is of a kind that deck.yaml does not name.", _NAMES),
    "unknown-emphasis": _mistake("A company stresses a tag or category of no note.", _NAMES),
    "uncited-source": _mistake("Nobody cites a source.", "The fact it was for is lost."),
    "unreadable-work": _mistake("An entry of the bibliography cannot be read.", _LOST),
    "work-twice": _mistake("Two works have one key.", "Cards name works by their key."),
    "unused-work": _advice(
        "No card cites a work of the bibliography.",
        "It was meant to back a claim that may have gone, or to be cited where it is not.",
    ),
    "unknown-work": _mistake("A card cites a work that the bibliography does not hold.", _NAMES),
    "unreadable-citation": _mistake("A source cannot be read as a citation.", _LOST),
    "item-twice": _mistake("A list of questions has an item twice.", "Cards name items by id."),
    "unknown-item": _mistake("A card covers an item that does not exist.", _NAMES),
    "uncovered-item": _mistake(
        "No card answers an item, and it does not say why.",
        "The deck promises to answer its lists of questions.",
    ),
    # Notes and their headings
    "no-question": _mistake("A card file has no question.", "A note begins with its heading."),
    "text-before-question": _mistake("Text stands before the first question.", _LOST),
    "underlined-heading": _mistake(
        "A heading is written by underlining it.",
        "A dividing --- right below a paragraph makes a heading of it by accident.",
    ),
    "empty-question": _mistake("A question shows nothing.", "Its card would be blank."),
    "missing-id": _mistake(
        "A note of a file with several has no id.",
        "The id is the card: people's progress hangs on it. `deckpress check --fix` writes one.",
    ),
    "shared-term": _mistake(
        "Front matter gives a term to several notes.", "It names one of them on the brief sheet."
    ),
    "bad-id": _mistake(
        "A file's name cannot serve as its note's id.", "Ids are slugs, and are kept for ever."
    ),
    "id-twice": _mistake("Two notes have one id.", "One would overwrite the other in Anki."),
    "question-twice": _mistake(
        "Two notes have the same front.", "No one could tell what is asked for."
    ),
    "question-lines": _mistake(
        "A line that begins with Q: makes no note.", "Its question would be part of another note."
    ),
    "tag-capitals": _advice("Two tags differ in capitals only.", "Anki takes them for one."),
    "attribute-twice": _mistake("A heading gives an attribute twice.", "One would be lost."),
    "unreadable-attributes": _mistake("The braces of a heading cannot be read.", _RAW),
    "kind-twice": _mistake("A heading names two kinds.", "A note has one."),
    "unknown-kind": _mistake("A kind that no template describes.", _NAMES),
    "unknown-category": _mistake("A category that deck.yaml does not list.", _NAMES),
    "unfilled-card": _advice(
        "A card says what `deckpress new` wrote, and no more.", "Learners would get it as it is."
    ),
    "no-answer": _mistake("A note has no answer.", "Its back would be blank."),
    "unknown-section": _mistake(
        "A heading is nearly that of a section.", "It would end up among the details."
    ),
    "empty-section": _mistake("A section holds nothing.", "Its heading promises something."),
    "section-twice": _mistake("A note has a section twice.", "One would be lost."),
    "section-on-front": _mistake("A section stands above ---.", "It would give the answer away."),
    "retired-id": _mistake(
        "The id of a retired card is used again.",
        "Whoever had the old card would see its history on the new one.",
    ),
    "renamed-note": _mistake(
        "A note whose file was renamed has another id.",
        "It would be taken out and come anew, and everyone would begin it from the start.",
    ),
    "lost-card": _advice(
        "A note lost a hole or its reverse side.",
        "Nothing removes a card that people have; it says that it was taken out.",
    ),
    "gained-card": _advice(
        "A released note gained a hole or a reverse side.",
        "Under Update notes: Never the card comes at once, and its text by the update file only.",
    ),
    "unknown-retired": _mistake("`replaces` names a card that never was.", _NAMES),
    "note-type-changed": _mistake(
        "A note became cloze, or ceases to be.", "Anki never turns one into the other."
    ),
    # Word pairs
    "unreadable-table": _mistake("A file of word pairs is not written as one.", _LOST),
    "unnamed-columns": _mistake(
        "The first row of a table of pairs names no columns for the words.",
        "Were it taken for a pair, or a pair for it, one would be missing.",
    ),
    "no-pairs": _mistake("A table of word pairs holds none.", "There is nothing to learn in it."),
    "half-a-pair": _mistake("A word pair lacks a side.", "One side of its card would be blank."),
    "pairs-heading": _mistake(
        "A heading of word pairs, or what stands under it, says what only a note can, or the "
        "reverse.",
        _LOST,
    ),
    "unread-table": _advice(
        "A .csv or .tsv file that is not read.",
        "Word pairs stand in words.csv and *.words.csv, for a deck may hold other tables.",
    ),
    # Holes
    "no-holes": _mistake("A cloze note hides nothing.", "It would have no card."),
    "hole-on-back": _mistake("A hole stands on the back.", "It makes a card that shows nothing."),
    "hole-in-question": _mistake("A hole stands in the question.", _RAW),
    "hole-in-image": _mistake("A hole stands in the words of an image.", _RAW),
    "misspelt-hole": _mistake("Something looks like a hole and is none.", _RAW),
    "empty-hole": _mistake("A hole hides nothing.", "There is nothing to recall."),
    "nested-holes": _mistake("A hole stands in a hole.", "Not every output could show it."),
    "hole-number": _mistake("A hole's number is out of range.", "Anki makes no card for it."),
    "double-colon-in-hole": _advice(
        "What follows '::' in a hole looks like code, not like a hint.",
        "It would stand in the brackets of the question and on no back.",
    ),
    "second-hint": _mistake("A hole has two hints.", _LOST),
    "braces-in-hint": _mistake("A hole's hint holds braces.", "Anki would end the hole there."),
    "holes-without-cloze": _mistake("Code has holes in a note that is no cloze note.", _RAW),
    # Formulas
    "empty-formula": _mistake("A formula holds nothing.", "A blank would be shown."),
    "unclosed-formula": _mistake("A formula never ends.", _RAW),
    "stray-dollars": _mistake("$$ belongs to no formula.", _RAW),
    "formula-too-deep": _mistake(
        "A formula nests too deep.", "It would take its reader down with it."
    ),
    "unreadable-formula": _mistake("A formula is no LaTeX that can be set.", _RAW),
    "percent-in-formula": _mistake("% in a formula.", "It hides the rest of its line."),
    "unknown-to-anki": _mistake("A command that Anki's MathJax does not know.", _RAW),
    "not-alike": _mistake(
        "A command that one of the outputs reads otherwise.",
        "Anki, the sheet and the PDF must show the same formula.",
    ),
    "line-distance": _mistake(
        "A distance behind \\\\ in a formula.", "Some outputs show it as text."
    ),
    "numbered-formula": _mistake(
        "An environment would number its equations.", "Cards number nothing."
    ),
    "text-in-formula": _mistake("A sign in \\text that Anki shows as it is.", _RAW),
    # Code
    "unclosed-fence": _mistake("A fence of code never ends.", "It swallows what follows."),
    "unknown-language": _mistake(
        "A language that cannot be coloured.", "Most often its name is misspelt."
    ),
    "unreadable-lines": _mistake("hl_lines names no lines.", _SHAPE),
    "too-many-lines": _mistake("hl_lines names over a thousand lines.", "Then none stands out."),
    "unknown-fence-word": _advice(
        "A word behind the fence's language that says nothing here.",
        "It changes nothing; a misspelt 'test' would show the test on the card.",
    ),
    "slow-colouring": _mistake(
        "Code that takes over two seconds to colour.", "Some lexers go back over it for ever."
    ),
    "failing-code": _mistake("The code of a note fails.", "Cards show code that runs."),
    "slow-code": _mistake("The code of a note runs too long.", "It may never end."),
    # Other Markdown
    "unread-html": _mistake(
        "HTML that is not read, or a < that looks like it.",
        "Anki takes HTML as it is, scripts and all, so only what is known is let through.",
    ),
    "html-attributes": _mistake("An attribute of an HTML tag that is not read.", _LOST),
    "unclosed-html": _mistake("An HTML tag is never closed.", "It would take in what follows."),
    "unopened-html": _mistake("An HTML tag closes nothing.", "Its beginning is missing."),
    "crossed-markup": _mistake("Markup does not nest.", "HTML and PDF cannot show it."),
    "unclosed-comment": _mistake("A comment never ends.", "It swallows what follows."),
    "question-in-html": _mistake("A question stands inside HTML.", "No note would be made of it."),
    "markdown-in-html": _mistake("Markdown right behind an HTML tag.", _RAW),
    "unreadable-link": _mistake("A link or image cannot be read.", _RAW),
    "dead-link": _mistake("A link leads nowhere from a card.", "A card has no neighbours."),
    "reference-twice": _mistake("Two references have one name.", "One link would go astray."),
    "missing-footnote": _mistake("A reference to a footnote that is not there.", _RAW),
    "unused-footnote": _mistake("A footnote that nothing refers to.", _LOST),
    "footnote-twice": _mistake("Two footnotes have one name.", "One would be lost."),
    "too-many-cells": _mistake("A row has more cells than the table columns.", _LOST),
    "no-character": _mistake("An entity stands for no character.", _LOST),
    "note-too-long": _mistake(
        "A note of over 50,000 characters, or a question of over 5,000.",
        "Nobody answers it; and what sets a text takes more time the longer it is.",
    ),
    "nested-too-deep": _mistake("Blocks stand within each other too deep.", _LOST),
    "wiki-link": _mistake("A wiki link or an embed of a page.", "A card has no neighbours."),
    "unclosed-bold": _mistake("** opens or closes nothing.", _RAW),
    "latex-in-text": _mistake("LaTeX stands outside a formula.", _RAW),
    "stray-dollar": _mistake(
        "A $ that is no money belongs to no formula.",
        "It would be shown, and the formula with it as it was typed.",
    ),
    "blank-line-in-formula": _mistake(
        "A formula between $$ has an empty line.", "LaTeX ends a formula there."
    ),
    "raw-attributes": _mistake("Attributes in braces belong to nothing.", _RAW),
    "raw-dialect": _advice(
        "Markup of another program, such as {{embed}}, key:: value or :tada:.",
        "Here it is words like others.",
    ),
    "missing-address": _advice(
        "A link names an address that is given nowhere, as in [words][name].", _RAW
    ),
    "raw-box": _mistake("A box in the notation of ::: or !!!.", _RAW),
    "raw-contents": _mistake("A table of contents.", "A card has none; it would stand there raw."),
    "raw-template-tag": _advice("A tag of a site generator, such as {% raw %}.", _RAW),
    "inline-footnote": _mistake("A footnote within the text, ^[such as this].", _RAW),
    "abbreviation": _mistake("The meaning of an abbreviation, *[HTML]: ...", _RAW),
    "no-table": _mistake("A row of bars and dashes makes no table.", _RAW),
    "unclosed-mark": _advice("== opens nothing.", _RAW),
    "stray-block-id": _advice("A block id stands in the middle of a block.", _RAW),
    "single-tilde": _advice(
        "Words between single tildes.",
        "They are struck out on GitHub and stand below the line in Pandoc; here they are words.",
    ),
    "unclosed-code": _advice("A backtick opens or closes nothing.", _RAW),
    "raw-anki": _advice("A command of Anki, such as [latex].", "Here it is words like others."),
    "no-list": _advice(
        "A line looks like an item of a list and is none.",
        "Markdown joins it to the paragraph before it.",
    ),
    "double-underscore": _advice(
        "A word between double underscores.", "`__init__` becomes a bold 'init'."
    ),
    "dropped-attributes": _advice(
        "Attributes that are read nowhere.", "The look of cards comes from templates."
    ),
    "diagram-code": _mistake(
        "A diagram as text, such as mermaid.", "The card would show its source, no figure."
    ),
    # Figures
    "named-by-file": _advice(
        "An embed says nothing of what is seen.",
        "Screen readers and the PDF say the name of the file in place of the image.",
    ),
    "no-alt-text": _mistake(
        "An image has no alt text.", "Screen readers, search and the PDF say it instead of showing."
    ),
    "remote-image": _mistake("An image lies on the web.", "Cards are used offline."),
    "bad-image-path": _mistake("An image's path is not relative.", "It holds on one machine."),
    "missing-image": _mistake("An image's file is not there.", "The card would show a gap."),
    "image-outside": _mistake("An image lies outside the deck's folder.", "It is not shipped."),
    "misshapen-image": _mistake("An image file is cut off or damaged.", "It would show a gap."),
    "unsettable-card": _mistake(
        "A card cannot be set in the PDF, or a formula of it not be drawn.",
        "No output is written that lacks a card.",
    ),
    "unknown-media-format": _mistake(
        "A file is no figure, sound or video, or not what its ending says.",
        "Not every output and program could show or play it.",
    ),
    "media-in-alt-text": _mistake("An image or sound stands in an image's alt text.", _LOST),
    "unreadable-svg": _mistake("An SVG file cannot be read.", "The card would show a gap."),
    "unsafe-svg": _mistake(
        "An SVG file does more than draw.", "Anki runs what it brings; a figure only draws."
    ),
    "stale-figure": _mistake("A figure is not what its script draws.", "One of them is outdated."),
    # Fonts
    "missing-font": _mistake(
        "A font that deck.yaml names is not there.", "The PDF would print boxes in its place."
    ),
    "missing-glyphs": _advice(
        "Characters that no font for the PDF has.",
        "The PDF prints a box with the character's number; Anki and HTML use the reader's fonts.",
    ),
    # The ledger
    "broken-ledger": _mistake(
        "deck.lock is not what a build wrote.",
        "It remembers when each card changed; without it updates go wrong for everyone.",
    ),
    "ledger-behind": _mistake(
        "deck.lock does not hold what the cards say.", "A release commits both together."
    ),
    "released-note-type": _mistake(
        "A released note type changed its fields.", "Anki would refuse every later update."
    ),
    "released-deck": _mistake(
        "A released category has another name.", "An import never moves cards that exist."
    ),
    # Templates
    "missing-template": _mistake("A template is missing.", "Nothing could fill its field."),
    "broken-template": _mistake("A template cannot be used.", "No output could be made."),
    "unused-template": _mistake("A file that no output is made with.", _NAMES),
    "unknown-word": _mistake(
        "A word of the program is given that it does not say, or a place in it that nothing fills.",
        _NAMES,
    ),
    "unknown-token": _mistake("A colour, size or font that nothing uses.", _NAMES),
    "unknown-note-type": _mistake("A kind's note type does not exist.", _NAMES),
    "unknown-field": _mistake("A template's field does not exist.", _NAMES),
    "learner-field": _mistake(
        "A learner's field is filled by the deck, or stands before one that is.",
        "An update by text reaches the fields before the learner's, and must leave these alone.",
    ),
    "cloze-mismatch": _mistake(
        "A cloze kind of a note type that is none, or the reverse.", "Anki makes no cards of it."
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
