"""Results: metric, value, dataset and split from list items, tables and sentences."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import re2

from cardlint.data import vocabulary
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.claims.claim import Claim
    from cardlint.card.outline import Block

_NUMBER = Pattern(r"[\s*~]*(-?\d+(?:[.,]\d+)?\s?%?)(?:\s*(?:±|\+/-)\s*[\d.]+)?[\s*]*$")
_SPLIT = Pattern(r"(?i)\b(test|dev|validation|valid|eval(?:uation)?|train(?:ing)?)\b(?:[ -](?:set|split|data))?")
_TRAINING_TABLE = Pattern(r"(?i)^(?:epoch|step|training loss)$")
_MOST = 200


@cache
def _metrics() -> tuple[re.Pattern[str], re2._Regexp[str]]:
    names = "|".join(vocabulary("claims_numbers")["metrics"])
    return (
        re.compile(rf"(?i)\W*((?:(?:eval|test|validation|train|overall|mean)[ _])?(?:{names})(?: ?\(%?\))?)(?:\s*\([^)]*\))?\W*$"),
        re2.compile(
            rf"(?i)(?:^|[^A-Za-z0-9_])({names})(?: score| rate| value)?(?: \([A-Za-z0-9 ]+\))?(?: of| is| was|:| =|"
            rf" ~|=)+ *(?:about |around |approximately )?"
            r"(-?\d+(?:\.\d+)?\s?%?)(?:[^A-Za-z0-9]|$)"
        ),
    )


def read_metrics(body: Body) -> tuple[Claim, ...]:
    """The results a card states; ``detail`` is ``name|dataset|split``, each empty where it is not said."""
    found: dict[tuple[int, int], Claim] = {}
    before = ""
    for block in body.prose:
        if len(found) >= _MOST:
            break
        if block.kind == "table":
            claims = _in_table(body, block)
        elif any(char.isdigit() for char in block.text):
            claims = _in_text(body, block, before if block.kind == "item" else "")
        else:
            before = block.text.lower()
            continue
        if block.kind == "paragraph":
            before = block.text.lower()
        for claim in claims:
            found.setdefault((claim.start, claim.end), claim)
    return tuple(sorted(found.values(), key=lambda claim: claim.start))


def _in_text(body: Body, block: Block, before: str) -> Iterator[Claim]:
    text = block.text
    for match in _metrics()[1].finditer(text):
        start = match.start(2)
        value = match.group(2).rstrip()
        split = _SPLIT.search(text, max(0, match.start() - 80), match.start()) or _SPLIT.search(before[-120:])
        yield body.claim(block, start, start + len(value), f"{match.group(1)}||{split.group(1).lower() if split else ''}")


def _in_table(body: Body, block: Block) -> Iterator[Claim]:
    name_of = _metrics()[0]
    head = block.rows[0]
    if any(_TRAINING_TABLE.match(cell.strip(" *")) for cell in head):
        return
    columns = {index: match.group(1) for index, cell in enumerate(head) if index and (match := name_of.match(cell))}
    begin = 0
    for number, row in enumerate(block.rows):
        at = begin
        row_name = name_of.match(row[0]) if number and row else None
        for index, cell in enumerate(row):
            name = columns.get(index) or (row_name.group(1) if row_name and index else "")
            value = _NUMBER.match(cell) if number and name else None
            if value:
                subject = row[0].strip(" *") if not row_name else head[index].strip(" *") if index < len(head) else ""
                split = _SPLIT.search(subject)
                yield body.claim(
                    block,
                    at + value.start(1),
                    at + value.start(1) + len(value.group(1).rstrip()),
                    f"{name}|{subject}|{split.group(1).lower() if split else ''}",
                )
            at += len(cell) + 3
        begin += sum(map(len, row)) + 3 * len(row) - 2
