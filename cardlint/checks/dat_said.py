"""What the text says of data beyond its name: other cards' sentences, sums, personal data, generated data."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cardlint.checks.absence import has_no_weights, much_is_said, trained_elsewhere
from cardlint.checks.eva_read import row_place
from cardlint.checks.places import tables
from cardlint.checks.values import texts
from cardlint.data import vocabulary
from cardlint.model import Problem, Related
from cardlint.patterns import Cue, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    import re2

    from cardlint.card.card import Card
    from cardlint.card.outline import Block

_TOTALS = frozenset({"total", "totals", "sum", "overall", "all (total)", "grand total"})
_COUNT = Pattern(r"\d{1,3}(?:,\d{3})+|\d+")
_TOOL = Pattern(r"(?i)[ -]code\b")
"""Behind the name of a model: a tool that writes code, with which data is made and not written."""
_MOST_ROWS = 100
_SENTENCE = 5


@cache
def _words() -> dict[str, Any]:
    return dict(vocabulary("data_words"))


def _source(name: str) -> str:
    return "(?i)" + "|".join(f"(?:{each})" for each in _words()[name])


@cache
def _pattern(name: str) -> re2._Regexp[str]:
    import re2

    return re2.compile(_source(name))


@cache
def _cue(name: str) -> Cue:
    """A pattern that is asked only whether it occurs."""
    return Cue(_source(name))


def no_training_data(card: Card) -> Iterator[Problem]:
    """Nothing on training data: no section, no metadata, no words of training data in code or captions, no other model's weights."""
    section = card.sections.get("training_data")
    if (
        section is None
        or section.status != "absent"
        or section.documented != "none"
        or card.sections["model_description"].status == "absent"
    ):
        return
    if any(tag.lower() in _words()["without_training"] for _, tag in texts(card, "tags")):
        return
    if much_is_said(card, "training_data") or _cue("trained").occurs(card.text[card.front_matter.end :]):
        return
    if not (trained_elsewhere(card) or has_no_weights(card)):
        yield Problem("section:training_data", "the card does not document training data")


def no_description(card: Card) -> Iterator[Problem]:
    """No section that describes the dataset, and no heading or paragraph that could be a description."""
    section = card.sections["description"]
    if section.status != "absent" or section.documented != "none":
        return
    outline = card.outline
    spoken = [heading.text for heading in outline.headings]
    spoken += [block.text for block in outline.blocks if block.kind != "code" and not _apart(card, block)]
    if not any(len(text.split()) >= _SENTENCE for text in spoken):
        yield Problem("section:description", "the card does not document what the dataset is")


def _apart(card: Card, block: Block) -> bool:
    """Whether a block stands under a heading on licence or citation."""
    return block.heading >= 0 and _pattern("apart").search(card.outline.headings[block.heading].text) is not None


def leftover(card: Card) -> Iterator[Problem]:
    """A sentence that a template brought along and that speaks of data which the rest of the card does not know."""
    for phrase, needs in _words()["leftovers"].items():
        if phrase not in card.text:
            continue
        low = card.text.replace(phrase, "").lower()
        if any(word in low for word in needs):
            continue
        block = next((each for each in card.outline.blocks if phrase in each.text and each.kind != "code"), None)
        if block is not None:
            at = block.text.index(phrase)
            place = card.outline.place(block, at, at + len(phrase))
            told = "but nothing else in the card speaks of such data"
            if " " not in phrase:  # the name of data in a library's example, not a sentence
                told = "the name in a library's example, but the card describes other data"
            yield Problem(place, f"'{phrase}', {told}", value=phrase)


def sums(card: Card) -> Iterator[Problem]:
    """A table whose row of totals is not the sum of the rows above it; one problem a table."""
    for block in card.once(tables):
        if 3 < len(block.rows) <= _MOST_ROWS:  # header, two parts, total
            yield from _wrong_total(card, block)


def _wrong_total(card: Card, block: Block) -> Iterator[Problem]:
    rows = block.rows
    last = len(rows) - 1
    if _TOTALS.isdisjoint(cell.strip(" *:").lower() for cell in rows[last]):
        return
    if any("total" in cell.lower() for row in rows[1:last] for cell in row):  # a part may be a total
        return
    for column in range(len(rows[0])):
        numbers = [_count(row[column]) if len(row) > column else None for row in rows[1:]]
        if any(number is None for number in numbers):
            continue
        whole = [number for number in numbers if number is not None]
        total, parts = whole[-1], whole[:-1]
        if total != sum(parts) and max(parts) <= total and abs(total - sum(parts)) * 5 < total:
            message = f"the total of {rows[0][column].strip() or 'this column'!r} is {total:,}, the rows above add up to {sum(parts):,}"
            related = (Related(row_place(card, block, 1), "the first part"),)
            yield Problem(row_place(card, block, last), message, value=str(total), related=related)
            return


def _count(cell: str) -> int | None:
    text = cell.strip(" *")
    return int(text.replace(",", "")) if _COUNT.fullmatch(text) else None


def personal_data(card: Card) -> Iterator[Problem]:
    """Data collected from people on the web, and no word on consent, privacy or terms; the first place."""
    for block in card.outline.blocks:
        if block.kind in ("paragraph", "item") and (match := _pattern("collected").search(block.text)):
            if not _cue("consent").occurs(card.text[card.front_matter.end :]):
                place = card.outline.place(block, *match.span())
                message = "data of people is collected; nothing is said on consent, privacy or terms of use"
                yield Problem(place, message, value=match.group().lower())
            return


def generated(card: Card) -> Iterator[Problem]:
    """Data that a model wrote, or that is synthetic, as the prose tells, on a card without the tag ``synthetic``."""
    if not _cue("generated").occurs(card.utf8):
        return
    words = [value for key in ("tags", "language_creators", "annotations_creators") for _, value in texts(card, key)]
    if any("synthetic" in word.lower() or word == "machine-generated" for word in words):
        return
    for block in card.outline.blocks:
        if block.kind in ("paragraph", "item") and (match := _pattern("generated").search(block.text)):
            if _TOOL.match(block.text, match.end()):
                continue
            place = card.outline.place(block, *match.span())
            said = match.group().lower()
            what = "synthetic data" if said.startswith("synthetic") else "data made by a model"
            yield Problem(place, f"{what} is not tagged 'synthetic'", value=said)
            return
