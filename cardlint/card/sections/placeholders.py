"""What an author left unfilled: template phrases, TODOs, empty sections."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import re2

from cardlint.card.sections.headings import named
from cardlint.data import vocabulary
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

MAX_PLACEHOLDERS = 1_000
_MARKS = " *|>:"
"""What a phrase may stand behind, a mark of a heading aside."""
_RULES = "| \t\r"
"""What may end a phrase that is all of a cell."""
_LONGEST_TEXT = 120
_LABELS = ("- **", "* **")
_GIVES_AWAY = ("push_to_hub", "hub_model_id", "create_repo", "repo create", "upload", "git remote")
_PUSHED = ("pushed to", "pushes to", "uploaded to", "uploads to", "push to")
"""What stands above such a line."""
_LED = 300
_VALUE = re.compile(r"[ \t]*(?:https?://|[\[@]?\w)|[ \t]+[*+-] ")
_AROUND = " \t*_`~\"'“”"
"""Marks around a phrase that is all of a line, a cell, a value or a parenthesis."""
_OPENING, _CLOSING = frozenset("|:：>([（【"), frozenset("!.…)]）】|<(")
_LEAD = re.compile(r"[\s>#*+•-]*(?:\d{1,3}[.)])?\s*")
_PLANS = re.compile(r"[ _-]?lists?\b", re.IGNORECASE)
"""What stands behind "TODO" in the name of a list of plans."""
_HERE = ("here", "after")
"""Ends of promises that tell of this very place."""
_PROMISED_BEFORE = 60
"""Characters before a promise in which what is promised stands."""
_PLAN = re.compile(r"[\s>]*[*+-] \[[ xX]\]")
_MARKED = ("atx", "setext")
_EMPTY_HEADING = "# \t\r\n"
_START = attrgetter("start")
_AUTOMATON = 32 * 2**20
"""Bytes that RE2 may use for the phrases of bodies. Twice the need: where they do not suffice it reads at a third of the speed."""
_CAPTURE = re.compile(r"(?<!\\)\((?!\?)")


class Placeholder(NamedTuple):
    """An unfilled piece of a card: its text and its offsets in the card."""

    text: str
    start: int
    end: int


class _Patterns(NamedTuple):
    body: Any
    comments: tuple[str, ...]
    alone: frozenset[str]
    promised: Pattern


@cache
def _patterns() -> _Patterns:
    words = vocabulary("placeholders")
    anywhere = _joined("(?m:", words["anywhere"])
    prose = _joined("(?im:", words["prose"])
    options = re2.Options()
    options.max_mem = _AUTOMATON
    body = re2.compile(f"{anywhere}|{prose}", options)
    # Here and not in the pattern of all phrases: to count characters takes RE2 more memory than all the rest.
    promised = Pattern(rf"(?im)(?:\b{words['promised']}\b[^.\n]{{0,40}} |(?:^|[(|*>] *))\Z")
    return _Patterns(body, tuple(words["comments"]), frozenset(words["alone"]), promised)


@cache
def _anywhere() -> Any:
    return re2.compile(_joined("(?m:", vocabulary("placeholders")["anywhere"]))


@cache
def _metadata() -> Any:
    return re2.compile(_joined("(?m:", vocabulary("placeholders")["metadata"]))


def _joined(flags: str, patterns: list[str]) -> str:
    """One pattern of several, without captures, which cost RE2 its automaton."""
    return flags + "|".join(_CAPTURE.sub("(?:", pattern) for pattern in patterns) + ")"


def read_placeholders(card: Card) -> tuple[Placeholder, ...]:
    """The placeholders of a card, in order, at most one a line. Never raises on a bad card.

    What users of the model fill in themselves (keys and paths in code, shell variables, prompts) is none.
    """
    found = [*_bare_comments(card), *_empty_sections(card), *_in_metadata(card), *_in_body(card)]
    if not found:
        return ()
    found.sort(key=_START)
    line = card.lines.line
    seen: set[int] = set()
    kept: list[Placeholder] = []
    for one in found:
        at = line(one.start)
        if at not in seen and len(kept) < MAX_PLACEHOLDERS:
            seen.add(at)
            kept.append(one)
    return tuple(kept)


def _in_metadata(card: Card) -> Iterator[Placeholder]:
    end = card.front_matter.end
    return _matches(_metadata(), card.text[:end].encode(), 0) if end else iter(())


def _matches(pattern: Any, data: bytes, start: int) -> Iterator[Placeholder]:
    """The matches in a part of a text that begins at ``start``; RE2 counts bytes."""
    wide = not data.isascii()
    at, seen = start, 0
    for match in pattern.finditer(data):
        first, last = match.span()
        at += len(data[seen:first].decode()) if wide else first - seen
        said = data[first:last].decode()
        yield Placeholder(said, at, at + len(said))
        at, seen = at + len(said), last


def _in_body(card: Card) -> Iterator[Placeholder]:
    """Phrases of the body; inside code only those that no user of the model would fill in."""
    patterns = _patterns()
    text, start = card.text, card.front_matter.end
    data = card.utf8[len(text[:start].encode()) :]
    code: list[tuple[int, int]] | None = None
    for said, begin, end in _matches(patterns.body, data, start):
        if code is None:
            code = [(block.start, block.end) for block in card.outline.blocks if block.kind == "code"]
        at = bisect_right(code, (begin, len(text))) - 1
        if at >= 0 and begin < code[at][1] and (not _anywhere().search(said) or _is_readers(text, begin)):
            continue
        if said.lstrip()[:4] in _LABELS and _goes_on(text, end):
            continue
        if said[-4:].upper() == "TODO" and _PLANS.match(text, end):
            continue
        if _is_promise(said):
            promised = patterns.promised.search(text, max(0, begin - _PROMISED_BEFORE), begin)
            if promised is None:
                continue
            said = promised.group() + said
        if said.strip("_").lower() in patterns.alone and not _stands_alone(text, begin, end):
            continue
        closed = said.rstrip(_RULES)
        said, end = closed, end - (len(said) - len(closed))
        bare = said.lstrip(_MARKS) or said
        if bare[0] == "[" and "](" not in bare and (after := len(bare) - bare.rfind("]") - 1) < len(bare):
            bare, end = bare[: len(bare) - after], end - after  # a look at what follows
        if bare[0] == "[" and "](" not in bare and any(end - len(bare) == link.start and link.end <= end for link in card.outline.links):
            continue  # a link whose target stands further down
        yield Placeholder(bare[:_LONGEST_TEXT].strip(), end - len(bare), end)


def _is_promise(said: str) -> bool:
    """Whether a phrase says that something, which stands before it, will be there one day: a model may be, and is no placeholder."""
    return said[:8].lower() == "will be " and not said.lower().endswith(_HERE)


def _is_readers(text: str, start: int) -> bool:
    """Whether a line of code, or what leads to it, gives away what its reader made, under a name of the reader's own."""
    end = text.find("\n", start)
    line = text[text.rfind("\n", 0, start) + 1 : end if end >= 0 else len(text)]
    if any(word in line for word in _GIVES_AWAY):
        return True
    above = text[max(0, start - _LED) : start].rsplit("\n", 3)[1:-1]
    return any(word in each for each in above for word in _PUSHED)


def _goes_on(text: str, end: int) -> bool:
    """Whether the value of a label without one stands on the next line."""
    line = text.find("\n", end)
    return line >= 0 and _VALUE.match(text, line + 1) is not None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a phrase is all of a line, a cell, a label's value or a parenthesis; what is still to do on a list of plans is none."""
    stop = text.find("\n", end)
    before = text[text.rfind("\n", 0, start) + 1 : start]
    opened = before.rstrip(_AROUND)
    if (opened[-1:] not in _OPENING and not _LEAD.fullmatch(opened)) or _PLAN.match(before):
        return False
    after = text[end : stop if stop >= 0 else len(text)].lstrip(_AROUND)
    return after[:1] in _CLOSING or not any(map(str.isalnum, after))


def _bare_comments(card: Card) -> Iterator[Placeholder]:
    """A template's instruction that nothing was written under."""
    outline = card.outline
    for comment in outline.comments:
        said = comment.text.strip().lower()
        if not said.startswith(_patterns().comments):
            continue
        at = bisect_right(outline.blocks, comment.end, key=lambda block: block.start)
        after = outline.blocks[at] if at < len(outline.blocks) else None
        if said[0] == "-" or after is None or after.heading != comment.heading or after.label:
            yield Placeholder(comment.text.strip()[:_LONGEST_TEXT], comment.start, comment.end)


def _empty_sections(card: Card) -> Iterator[Placeholder]:
    """Headings of a known section with nothing under them, headings without a text, empty code blocks."""
    headings = card.outline.headings
    text = card.text
    last = len(headings) - 1
    for index, (level, said, start, stop, kind) in enumerate(headings):
        if not said and not text[start:stop].strip(_EMPTY_HEADING):
            yield Placeholder("#" * level, start, max(stop, start + 1))
            continue
        following = headings[index + 1] if index < last else None
        end = following.start if following else len(text)
        if (
            end - stop < _LONGEST_TEXT
            and kind in _MARKED
            and (following is None or following.level <= level)
            and not text[stop:end].strip()
            and (index or last)
            and named(card.kind, said)
        ):
            yield Placeholder(said[:_LONGEST_TEXT], start, stop)
    for block in card.outline.blocks:
        if block.kind == "code" and (not block.text or block.text.isspace()):
            yield Placeholder("", block.start, block.end)
