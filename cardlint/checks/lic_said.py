"""The licences that a body names for the work itself, as far as the sentence tells: not those of code, sources or a base."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.checks.lic_names import Reading, read
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.card import Card
    from cardlint.card.claims import Claim

_BEFORE = 600
_AFTER = 160
_LABEL = Pattern(r"[\s*_#>|+•-]*([^:\n|]{2,60}?)[\s*_]*[:：|][\s*_\[(]*$")
_LICENSE_LABEL = Pattern(r"licen|lizenz|ライセンス|许可|許可|授权|授權|协议|라이선스|лиценз|terms")
_DENIED = Pattern(
    r"(?:^|[^a-z])(?:not|rather than|instead of|no longer)"
    r"(?: (?:is|are|be|released|licensed|available|covered|under|by|the|an?)){0,4}[\s*_`\[(\"']*$"
)
"""What stands before a licence that does not hold: "under CC BY-SA 4.0, not MIT"."""
_CLAUSE = Pattern(r"[;,.(]|(?:^|[^a-z])(?:and|while|but|whereas|though)(?=[^a-z])")
_PARTS = {
    "code": Pattern(r"(?:^|[^a-z])(?:code|scripts?|software|repository)(?:[^a-z]|$)"),
    "weights": Pattern(r"(?:^|[^a-z])(?:weights?|checkpoints?)(?:[^a-z]|$)"),
}
_OTHERS = Pattern(
    r"base|original|pre-?trained|upstream|underlying|teacher|encoder|backbone|delta|previous|earlier|other|some|third|[0-9]b(?:[^a-z0-9]|$)"
)
"""Words of weights that are not those of the card, or not all of them."""
_FOR = Pattern(r"[\s)\]*_`]*(?:\([^)\n]{0,200}\)\s{0,2})?(?:licen[cs]e )?(?:for|\()(?: the| our)?((?: model| training| inference)? [a-z]+)")
_SENTENCE_END = Pattern(r"[.!?。！？](?=\s|$)|\n\s*\n|\n\s*[-*|#]")


class Said(NamedTuple):
    """A licence named in the body; ``reading`` is None where its family is not known; ``own`` tells that it is the work's own.

    ``part``: ``code`` or ``weights`` where the words beside the name say that it is the licence of the one and not of the other.
    """

    claim: Claim
    reading: Reading | None
    own: bool
    part: str


@cache
def _not_own(kind: str) -> tuple[Pattern, Pattern, Pattern]:
    """Words of another work, words of the other kind of work, words of this kind."""
    words = data.vocabulary("license_families")
    other, this = ("not_the_data", "not_the_model") if kind == "dataset" else ("not_the_model", "not_the_data")
    return Pattern(words["not_this_work"]), Pattern(words[other]), Pattern(words[this])


def said(card: Card) -> list[Said]:
    """Every licence that the body names, in order, those aside of which it says that they do not hold."""
    found = []
    for claim in card.claims.licenses:
        before, after = (part.lower() for part in _sentence(card, claim))
        if not _DENIED.search(before):
            found.append(Said(claim, read(claim.value), _own(card, claim, before, after), _part(card, claim, before, after)))
    return found


def _part(card: Card, claim: Claim, before: str, after: str) -> str:
    """The part of the work that a name is said of: in its row, behind its label, in its clause, or in what follows "for"."""
    label = _LABEL.match(before)
    words = _row(card, claim) or (label.group(1) if label else "")
    if not words:
        cut = max((match.end() for match in _CLAUSE.finditer(before)), default=0)
        follows = _FOR.match(after)
        words = before[cut:] + (f" {follows[1]} " if follows else "")
    named = [part for part, pattern in _PARTS.items() if pattern.search(words)]
    return named[0] if len(named) == 1 and not _OTHERS.search(words) else ""


def _own(card: Card, claim: Claim, before: str, after: str) -> bool:
    another, other_kind, this_kind = _not_own(card.kind)
    heading = _heading(card, claim).lower()
    label = _LABEL.match(before)
    row = _row(card, claim)
    if (label and not _LICENSE_LABEL.search(label.group(1))) or (row and not _LICENSE_LABEL.search(row)):
        return False
    if another.search(f"{heading}\n{before}\n{after}"):
        return False
    return _last(other_kind, f"{heading}\n{before}") <= _last(this_kind, f"{heading}\n{before}")


def _row(card: Card, claim: Claim) -> str:
    """What stands before the name in its table row, lower case; "" outside of tables."""
    begin = card.text.rfind("\n", 0, claim.start) + 1
    before = card.text[begin : claim.start].strip().lower()
    return before.strip("| ") if before.startswith("|") else ""


def _last(pattern: Pattern, text: str) -> int:
    """Where the last match begins, -1 where there is none."""
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _sentence(card: Card, claim: Claim) -> tuple[str, str]:
    """What stands before and after the name in its sentence or line."""
    text = card.text
    before = text[max(0, claim.start - _BEFORE, card.front_matter.end) : claim.start]
    cut = max((match.end() for match in _SENTENCE_END.finditer(before)), default=0)
    before = before[cut:]
    line = before.rpartition("\n")[2]
    if ":" in line:
        before = line
    after = text[claim.end : claim.end + _AFTER]
    stop = _SENTENCE_END.search(after)
    return before.strip(), after[: stop.start()] if stop else after


def _heading(card: Card, claim: Claim) -> str:
    headings = card.outline.headings
    at = bisect_right(headings, claim.start, key=lambda heading: heading.start) - 1
    return headings[at].text if at >= 0 and headings[at].level > 1 else ""
