"""Both sides of a card, as Anki's reviewer gets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from deckpress.anki.drawing.cloze import hole_numbers
from deckpress.anki.drawing.sounds import Drawn, take_sounds
from deckpress.anki.drawing.template import (
    CardTemplateError,
    Fields,
    Template,
    draw_template,
    is_empty,
    read_template,
    shows_a_field,
)
from deckpress.anki.drawing.words import encode_minimal

_HELP = "https://docs.ankiweb.net/templates/errors.html"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the special fields tell of a card.

    `ord` is its number from 0, `deck` its deck's whole name; `tags` stand in Anki's order, `id` is
    the card's in the collection.
    """

    note_type: str
    template: str
    deck: str
    tags: tuple[str, ...] = ()
    ord: int = 0
    flag: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class DrawnCard:
    """Both sides of a card.

    `is_empty` says that the front has nothing to show, or a cloze note no such hole: Anki then
    shows that, and its tool Empty Cards deletes the card. `fault` says what is wrong with the
    template, which both sides show as well.
    """

    front: Drawn
    back: Drawn
    is_empty: bool = False
    fault: str = ""


def draw_card(
    front: str, back: str, texts: Mapping[str, str], facts: CardFacts, *, cloze: bool
) -> DrawnCard:
    """Draw a card as Anki does.

    Args:
        front: the template of its front.
        back: the template of its back.
        texts: the HTML of the note's fields, by name.
        facts: what else there is to show.
        cloze: whether its note type is one for cloze notes.

    Returns:
        Its sides; also of templates at fault, for Anki shows that, too.
    """
    all_texts = {**_special(facts), **texts}
    all_texts.setdefault(f"c{facts.ord + 1}", "1")
    filled = frozenset(name for name, text in all_texts.items() if not is_empty(text))
    fields = Fields(all_texts, filled, facts.ord + 1)
    try:
        template, asked = _draw_front(front, fields)
        complaint = _complain(template, fields, cloze=cloze)
        if complaint:
            drawn = take_sounds(asked + complaint, "q")
            return DrawnCard(drawn, take_sounds(complaint, "a"), is_empty=True)
        shown = take_sounds(asked, "q")
        answered = _draw_back(back, replace(fields, front=shown.html))
    except CardTemplateError as error:
        return DrawnCard(Drawn(str(error)), Drawn(str(error)), fault=str(error))
    return DrawnCard(shown, take_sounds(answered, "a"))


def _special(facts: CardFacts) -> dict[str, str]:
    return {
        "Tags": " ".join(facts.tags),
        "Type": facts.note_type,
        "Deck": facts.deck,
        "Subdeck": facts.deck.rpartition("::")[2],
        "CardFlag": f"flag{facts.flag}",
        "Card": facts.template,
        "CardID": str(facts.id),
    }


def _draw_front(source: str, fields: Fields) -> tuple[Template, str]:
    try:
        template = read_template(source)
        return template, draw_template(template, fields)
    except CardTemplateError as error:
        raise _refusal("Front template has a problem:", error) from error


def _draw_back(source: str, fields: Fields) -> str:
    try:
        return draw_template(read_template(source), fields)
    except CardTemplateError as error:
        raise _refusal("Back template has a problem:", error) from error


def _refusal(head: str, error: CardTemplateError) -> CardTemplateError:
    link = f"<a href='{_HELP}#template-syntax-error'>More information</a>"
    return CardTemplateError(f"{head}<br>{encode_minimal(str(error))}<br>{link}")


def _complain(template: Template, fields: Fields, *, cloze: bool) -> str:
    """Return what Anki says of a card with nothing to show; empty when there is something."""
    if cloze and fields.number not in hole_numbers(fields.texts.values()):
        said = (
            f"No cloze \u2068{fields.number}\u2069 found on card.\n"
            "Please either add a cloze deletion, or use the Empty Cards tool."
        )
        place = "no-cloze-filter-on-cloze-note-type"
    elif not cloze and not shows_a_field(template, fields):
        said, place = "The front of this card is blank.", "front-of-card-is-blank"
    else:
        return ""
    return f"<div>{said}<br><a href='{_HELP}#{place}'>More information</a></div>"
