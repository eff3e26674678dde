"""What a body says about commercial use against what the declared licence grants."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.checks.values import texts
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple
from cardlint.vocab import licenses

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Block

_SENTENCE = Pattern(r"[.!?;](?=\s|$)|\n")
_NOT = Pattern(r"(?:not|n't|never|no|without|neither|forbid\w*|prohibit\w*)\s+(?:[a-z]+\s+){0,3}$")
_REACH = 300
_SHOWN = 80


class _Words(NamedTuple):
    forbidden: Pattern
    granted: Pattern
    elsewhere: Pattern
    other_kind: dict[str, Pattern]


@cache
def _words() -> _Words:
    use, families = data.vocabulary("license_use"), data.vocabulary("license_families")
    return _Words(
        Pattern("|".join(use["forbidden"])),
        Pattern("|".join(use["granted"])),
        Pattern(use["elsewhere"]),
        {"dataset": Pattern(families["not_the_data"]), "model": Pattern(families["not_the_model"])},
    )


def forbidden(card: Card) -> Iterator[Problem]:
    """A body that forbids commercial use under a licence that grants it."""
    declared = _declared(card)
    if declared and not any(licenses.flags(each) & {"non_commercial", "vendor"} for each in declared):
        yield from _said(card, _words().forbidden, declared[0], "grants it")


def granted(card: Card) -> Iterator[Problem]:
    """A body that grants commercial use under a licence that forbids it."""
    declared = _declared(card)
    if declared and all("non_commercial" in licenses.flags(each) for each in declared):
        yield from _said(card, _words().granted, declared[0], "forbids it")


def _declared(card: Card) -> list[str]:
    """The declared ids; empty where one of them tells nothing."""
    values = [value for _, value in texts(card, "license")]
    return [] if any(not licenses.known(value) or value in ("other", "unknown") for value in values) else values


def _said(card: Card, pattern: Pattern, declared: str, does: str) -> Iterator[Problem]:
    for block in card.outline.blocks:
        if block.kind == "code" or "ommercial" not in block.text:
            continue
        low = block.text.lower()
        for match in pattern.finditer(low):
            if _of_this_work(card, block, low, match):
                said = " ".join(block.text[match.start() : match.end()].split())[:_SHOWN]
                verb = "forbids" if does == "grants it" else "grants"
                related = (Related("/metadata/license", f"license is '{declared}'"),)
                place = card.outline.place(block, *match.span())
                yield Problem(place, f"body {verb} commercial use ('{said}') but license '{declared}' {does}", value=said, related=related)
                return


def _of_this_work(card: Card, block: Block, low: str, match: re.Match[str]) -> bool:
    """Whether the sentence speaks of this work, as far as its words and its heading tell."""
    words = _words()
    begin = max((stop.end() for stop in _SENTENCE.finditer(low, max(0, match.start() - _REACH), match.start())), default=0)
    stop = _SENTENCE.search(low, match.end())
    sentence = low[begin : stop.start() if stop else len(low)]
    heading = card.outline.headings[block.heading].text.lower() if block.heading >= 0 else ""
    if _NOT.search(low[begin : match.start()]):
        return False
    if words.elsewhere.search(sentence) or words.elsewhere.search(heading):
        return False
    kind = "dataset" if card.kind == "dataset" else "model"
    other = words.other_kind[kind].search(sentence)
    return other is None or bool(words.other_kind["model" if kind == "dataset" else "dataset"].search(sentence))
