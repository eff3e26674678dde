"""Labelled values of a card's prose: ``label: value`` lines, bold labels, and rows of tables with two cells."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import re2

from cardlint.data import vocabulary
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

_MOST_ROWS = 60
_LONGEST_LABEL = 62
_BOLD_LABEL = Pattern(r"\*\*([A-Za-z][^*.\n]{1,60})\.\*\* ")
_BARE_LABEL = Pattern(r"\n\*\*([A-Za-z -]{0,30}[dD]ata[A-Za-z ]{0,12})\*\*[ \t\r]*(?:\n|\[)")
_LABEL_EDGE = " \t*_-–•>|:：\"'`"


class Field(NamedTuple):
    """A labelled value: ``block.text[start:end]`` follows a label of this kind (license, base, data, evaluation)."""

    block: Block
    kind: str
    label: str
    start: int
    end: int


def read_fields(body: Body) -> list[Field]:
    """Labelled values that can hold a claim: ``label: value`` at the start of a line, and table rows of two cells."""
    fields: list[Field] = []
    text = body.text
    for colon in ":：" if not text.isascii() else ":":
        at = text.find(colon)
        while at >= 0:
            begin = text.rfind("\n", 0, at) + 1
            if at - begin <= _LONGEST_LABEL and (kind := _label_kind(text[begin:at])):
                block, start = body.at(begin)
                if block.kind != "table":
                    _line_field(block, kind, begin - start, at - start, fields)
            end = text.find("\n", at)
            at = text.find(colon, end) if end >= 0 else -1
    if ".** " in body.card.text:
        _stopped_fields(body, fields)
    _bare_fields(body, fields)
    for block in body.blocks:
        if block.kind == "table" and len(block.rows[0]) == 2:
            _row_fields(block, fields)
    fields.sort(key=_place)
    return fields


def _stopped_fields(body: Body, fields: list[Field]) -> None:
    """Add the values of bold labels that end in a full stop: "**Base model.** acme/x"."""
    labels = {match.group(1) for match in _BOLD_LABEL.finditer(body.card.text)}
    for block in body.prose:
        label = block.text.partition(". ")[0]
        if label in labels and len(label) + 2 < len(block.text) and (kind := _label_kind(label)):
            end = block.text.find("\n")
            fields.append(Field(block, kind, label.lower(), len(label) + 2, end if end > len(label) + 2 else len(block.text)))


def _bare_fields(body: Body, fields: list[Field]) -> None:
    """Add what bold labels for data without a colon stand above or before: "**Training Dataset**" and a link."""
    labels = {match.group(1) for match in _BARE_LABEL.finditer(body.card.text)}
    for block in body.prose if labels else ():
        label = next((label for label in labels if block.text.startswith(label)), "")
        if label and (kind := _label_kind(label)) == "data" and (start := len(label) + 1) < len(block.text):
            end = block.text.find("\n", start)
            fields.append(Field(block, kind, label.lower(), start, end if end >= 0 else len(block.text)))


def _line_field(block: Block, kind: str, begin: int, colon: int, fields: list[Field]) -> None:
    text = block.text
    label = text[begin:colon]
    # Lists of entities have "DATA" for dates.
    if ":" in label or (block.kind == "item" and label.strip(_LABEL_EDGE) == "DATA"):
        return
    end = text.find("\n", begin)
    end = len(text) if end < 0 else end
    value = colon + 1
    if value >= end and begin == 0 and end < len(text):
        end = len(text)
    while value < end and text[value] in _LABEL_EDGE + "\n":
        value += 1
    if value < end:
        fields.append(Field(block, kind, label.strip(_LABEL_EDGE).lower(), value, end))


def _row_fields(block: Block, fields: list[Field]) -> None:
    begin = 0
    for row in block.rows[:_MOST_ROWS]:
        if len(row) == 2:
            kind = _label_kind(row[0])
            start = begin + len(row[0]) + 3
            # "Data" heads the first column of tables on something else.
            if kind and row[1] and not (row is block.rows[0] and (row[0] in ("Data", "data") or _heads_numbers(block))):
                fields.append(Field(block, kind, row[0].strip(_LABEL_EDGE).lower(), start, start + len(row[1])))
        begin += sum(map(len, row)) + 3 * len(row) - 2


def _heads_numbers(block: Block) -> bool:
    """Whether a table of two columns has numbers in the second, so that its first row labels no value."""
    if "/" in block.rows[0][-1]:
        return False
    return len(block.rows) > 1 and all(row[-1].strip(" *~%")[:1].isdigit() for row in block.rows[1:])


@cache
def _labels() -> tuple[re2.Set, list[str]]:
    """The patterns of each kind of label, and their names: the first that matches tells which kind a text is."""
    words = vocabulary("claims_words")["labels"]
    labels = re2.Set.MatchSet()
    for patterns in words.values():
        labels.Add("|".join(patterns))
    labels.Compile()
    return labels, list(words)


# Labels repeat from card to card, so what a text is a label of is worked out once.
@lru_cache(8192)
def _label_kind(label: str) -> str:
    label = label.strip(_LABEL_EDGE).lower()
    if not 2 <= len(label) <= _LONGEST_LABEL:
        return ""
    labels, names = _labels()
    found = labels.Match(label)
    return names[min(found)] if found else ""


def _place(field: Field) -> tuple[int, int]:
    return field.block.start, field.start
