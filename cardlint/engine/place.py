"""Where a problem stands: pointers, sections and elements to spans; fingerprints that know no line."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from cardlint.model import Finding, PlacedEdit, PlacedFix, PlacedRelated, Span
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cardlint.card.card import Card
    from cardlint.engine.rule import Rule
    from cardlint.facts.subject import Subject
    from cardlint.model import Fix, Place, Problem, Severity
    from cardlint.sources.entry import Entry

_START = Span(1, 1, 1, 1)
_new = tuple.__new__
"""Makes a finding of all its fields, at a third of what its own call costs."""
_POSITION = Pattern(r"/[0-9]+(?=/|$)")
_LONGEST_MESSAGE = 300
_CODES = {code: f"\\x{code:02x}" for code in (*range(9), 11, 12, *range(14, 32), 127, *range(128, 160))}
_CODES |= {code: f"\\u{code:04x}" for code in (0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)}
_CONTROLS = _CODES | {9: " ", 10: " ", 13: " "}


def clean(text: str) -> str:
    """Text of a card as a message may carry it: one line, no control or direction characters, bounded."""
    if not text.isprintable():  # none of those characters is
        text = text.translate(_CONTROLS)
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 1] + "…"


class Stored(NamedTuple):
    """A repository as a hub keeps it: its card is not at hand, only the spans of what hub rules speak of.

    ``places`` maps pointers to spans; the empty one is where what is absent would stand.
    """

    entry: Entry
    places: Mapping[str, tuple[int, int, int, int]]
    has_card: bool = False
    """Comments in the card were heard when it was read."""

    def span(self, place: Place) -> Span:
        """The span of a place of the front matter; what is absent falls back to the nearest parent key, else 1:1."""
        pointer = place.removeprefix("key:") if isinstance(place, str) else ""
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return Span(*self.places[pointer]) if pointer in self.places else _START


def visible(text: str) -> str:
    """Text of a card in its lines, with control and direction characters as codes."""
    return text if text.isprintable() else text.translate(_CODES)


def _span_of(subject: Subject | Stored, place: Place) -> Span:
    """The span of a place; what is absent falls back to the nearest parent key, the closing fence, 1:1."""
    if isinstance(subject, Stored):
        return subject.span(place)
    card = subject.card
    if not isinstance(place, str):
        return card.lines.span(place.start, place.end)
    if place.startswith("section:"):
        return _section_span(subject, place.removeprefix("section:"))
    block = card.front_matter
    if place.startswith("key:"):
        pointer = place.removeprefix("key:/metadata")
        if pointer in block.keys:
            return card.lines.span(*block.keys[pointer])
        place = place.removeprefix("key:")
    if place.startswith("/metadata"):
        pointer = place.removeprefix("/metadata")
        while pointer:
            found = block.values.get(pointer)
            if found is not None and found[0] < found[1]:
                return card.lines.span(*found)
            if found is not None and pointer not in block.keys:
                dash = card.text.rfind("-", 0, found[0])  # an item without a value has its dash
                return card.lines.span(dash, dash + 1)
            if pointer in block.keys:
                return card.lines.span(*block.keys[pointer])
            pointer = pointer.rpartition("/")[0]
    if place.startswith("/sections/"):
        return _section_span(subject, place.split("/")[2])
    if place.startswith("/claims/"):
        name, _, number = place.removeprefix("/claims/").partition("/")
        claim = getattr(card.claims, name)[int(number)]
        return card.lines.span(claim.start, claim.end)
    return card.lines.span(block.closing, block.closing + 3) if block.end else _START


def _section_span(subject: Subject, name: str) -> Span:
    """The first line of a section; where it is absent, the last heading."""
    card = subject.card
    section = card.sections.get(name)
    if section is not None and section.status != "absent":
        text, start = card.text, section.start
        while start < section.end and text[start] == "\n":
            start += 1
        end = text.find("\n", start, section.end)
        first = len(text[start : section.end if end < 0 else end].rstrip("\r"))
        return card.lines.span(section.start, section.start + first)
    return card.once(_last_heading)


def _last_heading(card: Card) -> Span:
    last = next((heading for heading in reversed(card.outline.headings) if heading.kind != "bold"), None)
    if last is not None:
        return card.lines.span(last.start, min(last.end, last.start + len(card.text[last.start : last.end].split("\n", 1)[0])))
    block = card.front_matter
    return card.lines.span(block.closing, block.closing + 3) if block.end else _START


@lru_cache(maxsize=1024)
def _starred(pointer: str) -> str:
    """A pointer with its list positions as stars."""
    return _POSITION.sub("/*", pointer)


def _general(rule: Rule, subject: Subject | Stored, own: str | None) -> str:
    """What a rule says to do behind a problem's own advice, and what more it says to cards of this group."""
    said = "" if own and rule.help_yields else rule.help
    if not rule.help_for or isinstance(subject, Stored):
        return said
    return f"{said} {rule.more_for(subject.groups)}".strip()


@lru_cache(maxsize=1024)
def _advice(own: str | None, general: str) -> str | None:
    """The help of a finding: what its problem adds, and what its rule says."""
    stop = "" if (own or "").endswith((".", "?", "!", ":")) else "."
    return clean(f"{own}{stop} {general}".rstrip() if own else general) or None


def finding(rule: Rule, severity: Severity, problem: Problem, subject: Subject | Stored, seen: dict[str, int]) -> Finding:
    """The finding that a problem is, with its place and fingerprint; ``seen`` counts equal ones in the card."""
    entry = subject.entry
    at, message, own_help, value, fix, related, about = problem
    message = clean(message)
    pointer = at if isinstance(at, str) else "body"
    if value is None:
        value = message if pointer == "body" else ""
    starred = _starred(pointer) if "/" in pointer else pointer
    said = " ".join(value.split()).lower() if value else ""
    identity = f"{rule.code}\0{entry.id or ''}\0{entry.path}\0{starred}\0{said}"
    seen[identity] = count = seen.get(identity, 0) + 1
    fingerprint = sha256(f"{identity}\0{count}".encode("utf-8", "replace")).hexdigest()[:32]
    advice = _advice(own_help, _general(rule, subject, own_help))
    placed = _placed(subject, fix) if fix and not isinstance(subject, Stored) else None
    others = tuple([PlacedRelated(entry.path, _span_of(subject, each.at), clean(each.message)) for each in related]) if related else ()
    span = _span_of(subject, at)
    return _new(
        Finding,
        (rule.code, rule.name, severity, rule.confidence, message, advice, span, pointer, fingerprint, placed, others, None, about),
    )


def _placed(subject: Subject, fix: Fix) -> PlacedFix:
    edits = tuple([PlacedEdit(subject.card.span(edit.at), edit.text) for edit in fix.edits])
    return PlacedFix(fix.safety, edits, fix.strips_bom)
