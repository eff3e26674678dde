"""Citations: BibTeX that no program reads, and identifiers of papers that cannot exist."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cardlint.model import Problem, Range
from cardlint.patterns import Cue, Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_ENTRY = Pattern(r"^[ \t]*@(?!string|comment|preamble)([A-Za-z]{3,20})[ \t]*\{\s*", re.MULTILINE | re.IGNORECASE)
_KEY = Pattern(r"[^\s,{}=\"#%'()]+\s*,")
_FIELD = Pattern(r"[A-Za-z][A-Za-z_-]{0,30}[ \t]*=[ \t]*[{\"\d]")
_NEXT_FIELD = Pattern(r"[ \t]*\n\s*([A-Za-z][A-Za-z_-]{1,30})[ \t]*=[ \t]*[{\"\d]")
_SIGNS = Pattern(r"\\?[{}\"]")
_MOST = 200_000
_NO_END = " do not close"
_BRACE = Pattern(r"\s{0,3}\}")
"""A brace just behind a block of code, whose last line is less indented than the others."""

_ARXIV = Pattern(r"[aA][rR][xX][iI][vV](?:\.org/(?:abs|pdf)/|:\s?)(\d{2,5}\.\d{3,7})(?:v\d+)?(?![\d.]*\d)")
_ODD_ARXIV = Cue(
    r"(?i)arxiv(?:\.org/(?:abs|pdf)/|:\s?)(?:\d{2,3}\.|\d{5}\.|\d\d(?:00|1[3-9]|[2-9]\d)\.|0[0-6]\d\d\.|070[0-3]\."
    r"|\d{4}\.(?:\d{3}(?:\D|$)|\d{6})|(?:1[5-9]|[2-9]\d)\d\d\.\d{4}(?:\D|$)|(?:0\d|1[0-4])\d\d\.\d{5})"
)
"""All that `_impossible` refuses and little else, for RE2: most cards that name a paper have nothing of it."""
_NEW_SCHEME = 704
_FIVE_DIGITS = 1501
_DOI = Pattern(r"doi\.org/([^\s\"'<>)\]}]{1,200})")
_DOI_SHAPE = Pattern(r"(?i)(?:doi:)?10\.\d{4,9}(?:\.\d+)*(?:/|%2F)\S")
_UNFILLED = Pattern(r"(?i)x{3,}|\.\.\.|…|your|<|\{|\[")


_PAPER = Pattern(r"https?://(?:www\.)?(?:arxiv\.org/(?:abs|pdf)/|aclanthology\.org/|openreview\.net/forum|doi\.org/|dx\.doi\.org/)")
_OWN = Pattern(r"(?i)\bour (?:\w+ ){0,2}(?:paper|preprint|report)\b[^\n]{0,40}$")
_LABEL = Pattern(r"(?i)\W*(?:our |the )?(?:arxiv )?(?:paper|preprint|technical report|tech report)(?: link)?\W*")
_NEAR = 80
"""Characters before a link in which a text says whose paper it is."""


class _Fault(NamedTuple):
    start: int
    end: int
    message: str


def bibtex(card: Card) -> Iterator[Problem]:
    """BibTeX in code blocks: entries without a key, braces that do not close, fields without a comma between."""
    for block in card.outline.blocks:
        if block.kind == "code" and "@" in block.text and len(block.text) < _MOST:
            for fault in _faults(block.text):
                place = card.outline.place(block, fault.start, fault.end)
                message = fault.message
                if message.endswith(_NO_END) and _BRACE.match(card.text, block.end):
                    message = message.removesuffix(_NO_END) + " close below the code block, not in it"
                yield Problem(Range(*place), message, value=block.text[fault.start : fault.end])


@lru_cache(maxsize=1024)
def _faults(text: str) -> tuple[_Fault, ...]:
    """The first fault of each entry; an entry reaches to the next or to the end of the block. Cards cite the same papers."""
    entries = list(_ENTRY.finditer(text))
    if not entries or not _FIELD.search(text):
        return ()
    ends = [*(match.start() for match in entries[1:]), len(text)]
    found = (_fault(text, match, end) for match, end in zip(entries, ends, strict=True))
    return tuple(fault for fault in found if fault is not None)


def _fault(text: str, match: re.Match[str], end: int) -> _Fault | None:
    head = text.find("\n", match.end(), end)
    line = (match.start() + len(match.group()) - len(match.group().lstrip()), head if head >= 0 else end)
    if not _FIELD.search(text, match.end(), end):
        return None
    keyed = _KEY.match(text, match.end(), end)
    if keyed is None:
        return _Fault(*line, f"the BibTeX entry @{match.group(1)} has no key before its first comma")
    depth = 1
    quoted = False
    for sign in _SIGNS.finditer(text, keyed.end(), end):
        char, index = sign.group(), sign.end() - 1
        if len(char) > 1:
            continue
        if char == '"' and depth == 1:
            quoted = not quoted
        elif char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return None
        if (char == "}" or (char == '"' and not quoted)) and depth == 1 and not quoted:
            missing = _NEXT_FIELD.match(text, index + 1, end)
            if missing is not None:
                begin, stop = missing.start(1), missing.end(1)
                return _Fault(begin, stop, f"no comma stands before the BibTeX field {missing.group(1)!r}")
    return _Fault(*line, f"the braces of the BibTeX entry @{match.group(1)}{_NO_END}")


def uncited(card: Card) -> Iterator[Problem]:
    """A paper is linked and said to be this work's, and nothing tells how to cite it."""
    section = card.sections.get("citation")
    if section is None or section.documented != "none" or section.status != "absent":
        return
    for link in card.outline.links:
        if not _PAPER.match(link.url):
            continue
        before = card.text[max(card.front_matter.end, link.start - _NEAR) : link.start]
        if "|" not in before and (_LABEL.fullmatch(link.text) or _OWN.search(before)):  # a table lists the papers of data
            yield Problem(link, "a paper is linked but the card does not say how to cite it", value=link.url)
            return


def arxiv(card: Card) -> Iterator[Problem]:
    """Ids of arXiv that the scheme rules out: a thirteenth month, a wrong number of digits."""
    if not _ODD_ARXIV.occurs(card.utf8):
        return
    body = card.front_matter.end
    seen: set[str] = set()
    for match in _ARXIV.finditer(card.text, body):
        number = match.group(1)
        reason = _impossible(number)
        if reason and number not in seen:
            seen.add(number)
            yield Problem(Range(*match.span(1)), f"arXiv id {number!r} cannot exist: {reason}", value=number)


def _impossible(number: str) -> str | None:
    head, _, tail = number.partition(".")
    if len(head) != 4:
        return "it begins with year and month in four digits"
    month, stamp = int(head[2:]), int(head)
    if not 1 <= month <= 12:
        return f"there is no month {head[2:]}"
    if stamp < _NEW_SCHEME:
        return "such ids begin in April 2007"
    digits = 5 if stamp >= _FIVE_DIGITS else 4
    return None if len(tail) == digits else f"{digits} digits follow the point"


def doi(card: Card) -> Iterator[Problem]:
    """Addresses at the DOI resolver that hold no DOI."""
    seen: set[str] = set()
    for match in _DOI.finditer(card.text, card.front_matter.end):
        value = match.group(1)
        if value not in seen and not _DOI_SHAPE.match(value) and not _UNFILLED.search(value):
            seen.add(value)
            yield Problem(Range(*match.span(1)), f"{value!r} is no DOI: one has the form 10.NNNN/NAME", value=value)
