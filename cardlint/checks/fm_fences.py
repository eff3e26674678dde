"""FM003 to FM008: whether hubs find the metadata block at all, and what stands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.frontmatter import read_front_matter
from cardlint.checks.values import edited
from cardlint.model import Edit, Fix, Problem, Range, Related
from cardlint.patterns import Pattern
from cardlint.vocab import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.fences import FrontMatterProblem

_FENCES = {
    "odd-opening-fence": "the opening fence is {detail!r}, not '---', so hubs read no metadata",
    "odd-closing-fence": "the closing fence is {detail!r}, not '---', so hubs read no metadata",
    "indented-closing-fence": "the closing fence is indented, so hubs read no metadata",
    "text-after-closing-fence": "text follows the closing fence ({detail!r}), so hubs read no metadata",
    "blanks-after-opening-fence": "blanks follow the opening fence, so hubs read no metadata",
    "cr-only": "lines end in CR alone, so hubs find no metadata block",
}
_KEY = Pattern(r"(?m)^([A-Za-z][\w-]{1,40}):(?:[ \t]|$)")
_CLOSING = Pattern(r"[\r\n]---[ \t]*(?:\r\n|\n|$)")
_CODE_ABOVE = Pattern(r"(?m)^(?:```|~~~)[ \t]*(?:ya?ml)?[ \t]*\r?\n\Z")
_CODE_BELOW = Pattern(r"(?:```|~~~)[ \t]*(?:\r?\n|\Z)")

_LONGEST_BLOCK = 20_000
"""Characters of a block below other text that are searched for keys."""


def of_kind(card: Card, *kinds: str) -> Iterator[FrontMatterProblem]:
    """The front matter's own problems of some kinds."""
    for problem in card.front_matter.problems:
        if problem.kind in kinds:
            yield problem


def without_block(card: Card) -> bool:
    """Whether nothing in the card looks like a metadata block."""
    if card.decoded.encoding == "utf-16":
        return False
    return any(problem.kind == "no-block" or not _holds_known_key(card, problem) for problem in of_kind(card, "no-block", "displaced"))


def _holds_known_key(card: Card, problem: FrontMatterProblem) -> bool:
    """Whether what stands between two rules in the body has a key that hubs read; else it is prose or another tool's."""
    closing = _CLOSING.search(card.text, problem.end)
    longest = problem.end + _LONGEST_BLOCK
    source = card.text[problem.end : min(closing.start() + 1, longest) if closing else longest]
    return any(fields.known(key, card.kind) or fields.listed(key, card.kind).sure for key in _KEY.findall(source))


def unclosed(card: Card) -> Iterator[Problem]:
    """FM003: a block that is opened and never closed."""
    for problem in of_kind(card, "unclosed"):
        yield Problem(Range(problem.start, problem.end), "the metadata block is never closed, so hubs read no metadata")


def malformed_fence(card: Card) -> Iterator[Problem]:
    """FM004: a fence that hubs do not take for one; a fix where the block then reads."""
    for problem in of_kind(card, *_FENCES):
        place = Range(problem.start, problem.end)
        mended = "---\n" + problem.detail[3:].strip() if problem.kind == "text-after-closing-fence" else "---"
        fix = None
        if problem.kind != "cr-only":
            edits: tuple[Edit, ...] = (Edit(place, mended),)
            closing = _same_below(card.text, place) if problem.kind == "odd-opening-fence" else None
            if closing is not None and not _reads(card.text, edits):
                edits = (*edits, Edit(closing, "---"))
            fix = Fix(edits) if _reads(card.text, edits) else None
        yield Problem(place, _FENCES[problem.kind].format(detail=problem.detail), value=problem.kind, fix=fix)
    yield from _unfenced(card)


def _same_below(text: str, fence: Range) -> Range | None:
    """The next line that is like an odd opening fence, and closes the block as its author meant it."""
    line = "\n" + text[fence.start : fence.end]
    at = text.find(line, fence.end, fence.end + _LONGEST_BLOCK)
    end = at + len(line)
    return Range(at + 1, end) if at >= 0 and text[end : end + 1] in ("", "\n", "\r") else None


def _reads(text: str, edits: tuple[Edit, ...]) -> bool:
    return read_front_matter(edited(text, edits)).status == "ok"


def _unfenced(card: Card) -> Iterator[Problem]:
    """Metadata at the head of the card without fences; the fix writes them where the block then reads."""
    for problem in of_kind(card, "unfenced"):
        block = card.text[problem.start : problem.end]
        fix = None
        if read_front_matter(f"---\n{block}\n---\n").status == "ok":
            below = [] if problem.detail else [Edit(Range(problem.end, problem.end), "\n---")]
            fix = Fix((Edit(Range(0, problem.start), "---\n"), *below), "unsafe")
        last = card.text.count("\n", 0, problem.end) + 1
        yield Problem(
            Range(problem.start, problem.start + len(block.splitlines()[0])),
            f"the metadata {'has no opening fence' if problem.detail else 'stands without fences'}, so hubs read none of it",
            help=f"write a line `---` above this one{'' if problem.detail else f' and one below line {last}'}.",
            value="unfenced",
            fix=fix,
        )


def displaced(card: Card) -> Iterator[Problem]:
    """FM005: a block that does not stand at the head of the card; the fix moves it there."""
    for problem in of_kind(card, "displaced"):
        if not _holds_known_key(card, problem):
            continue
        place = Range(problem.start, problem.end)
        closing = _CLOSING.search(card.text, problem.end)
        end = closing.end() if closing is not None else len(card.text)
        block = card.text[problem.start : end].rstrip() + ("\n" if closing is not None else "\n---\n")
        fix = None
        if read_front_matter(block).status == "ok":
            start = problem.start if closing is not None else len(card.text[: problem.start].rstrip()) + 1
            gone = _with_marks(card.text, min(start, problem.start), end)
            edits = (Edit(Range(0, 0), block), Edit(gone, "")) if gone.start else (Edit(gone, block),)
            fix = Fix(edits, "unsafe")
        lead = card.text[: problem.start]
        first = len(lead) - len(lead.lstrip())
        last = first + len(lead[first:].split("\n", 1)[0].rstrip())
        yield Problem(
            place,
            "the metadata block stands below other text, so clients of the hub read no metadata",
            fix=fix,
            related=(Related(Range(first, last), "this stands above the block"),),
        )


def _with_marks(text: str, start: int, end: int) -> Range:
    """What is taken out with a block: the marks of a block of code that holds it and nothing else too."""
    opens, closes = _CODE_ABOVE.search(text, 0, start), _CODE_BELOW.match(text, end)
    return Range(opens.start(), closes.end()) if opens and closes else Range(start, end)


def fragile_fence(card: Card) -> Iterator[Problem]:
    """FM006: white space around the fences that hubs pass over and some readers do not."""
    for problem in of_kind(card, "text-before-fence", "blanks-after-fence"):
        where = "before the opening fence" if problem.kind == "text-before-fence" else "after the closing fence"
        place = Range(problem.start, problem.end)
        yield Problem(place, f"white space {where} hides the metadata from strict readers", value=problem.kind, fix=Fix((Edit(place, ""),)))


def byte_order_mark(card: Card) -> Iterator[Problem]:
    """FM007: a byte order mark before the block."""
    if card.decoded.bom and card.decoded.encoding == "utf-8" and card.front_matter.end:
        place = Range(card.front_matter.start, card.front_matter.start + 3)
        fix = Fix((), strips_bom=True)
        yield Problem(place, "a byte order mark before the metadata block hides it from Python clients", fix=fix)


def encoding(card: Card) -> Iterator[Problem]:
    """FM008: bytes that are no UTF-8."""
    decoded = card.decoded
    if decoded.encoding == "utf-16":
        yield Problem(Range(0, 0), "the card is written in UTF-16, which hubs do not read")
    elif decoded.encoding != "utf-8":
        at = decoded.bad_byte or 0
        yield Problem(Range(at, at + 1), "the card holds bytes that are not UTF-8")
