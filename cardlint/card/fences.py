"""Why a card has no front matter block: what the author probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    import re

_KEY = Pattern(r"[A-Za-z_][A-Za-z0-9_-]*\s*:(?:\s|$)")
_LINE = Pattern(r"([^\r\n]*)(\r\n|\r|\n|$)")
_NO_KEY = ("#", "-", "<", "[", "!", "|", "`", "*", "")
"""How text begins that is no key: most cards without metadata begin with a title."""
_DASHES = frozenset("-–—―")
_FENCE_LIKE = ("---", "–", "—", "―", "-–", "-—", "--–", "--—")
_LOOK_AHEAD = 400
"""Lines read in search of a closing fence; the longest real block has 2,900, but a near miss shows early."""


class FrontMatterProblem(NamedTuple):
    """One thing about the front matter that a rule may speak of.

    ``kind`` names it, ``at`` points into the metadata (may be empty), ``start`` and ``end`` are offsets in the card.
    """

    kind: str
    at: str
    start: int
    end: int
    detail: str = ""


def missing_block(text: str) -> tuple[FrontMatterProblem, ...]:
    """The reason why the hub's grammar finds no block, most telling first; ``no-block`` where nothing looks like one."""
    unfenced = _unfenced(text)
    if unfenced is not None:
        return (unfenced,)
    if not ("\n---" in text or "\r---" in text or text.lstrip()[:3].startswith(_FENCE_LIKE)):
        return (FrontMatterProblem("no-block", "", 0, 0),)
    lines = _first_lines(text)
    first = next(((at, line) for at, line in lines if line.strip()), None)
    if first is None:
        return (FrontMatterProblem("no-block", "", 0, 0),)
    at, line = first
    fence = line.strip()
    rest = [(o, s) for o, s in lines if o > at]
    looks_like_block = any(_KEY.match(s) for _, s in rest[:3])
    place = (at, at + len(line))
    if looks_like_block and (fence.startswith("---") or (_is_dashes(fence) and any(_is_read(_LINE.match(s)) for _, s in rest[:3]))):
        return (_bad_fence(line, place, rest, text),)
    if fence == "---" and rest and rest[0][1].rstrip() == "---":
        return (FrontMatterProblem("empty-block", "", at, rest[0][0] + 3),)
    for index, (o, s) in enumerate(lines):
        if s.rstrip() == "---" and index + 1 < len(lines) and _KEY.match(lines[index + 1][1]) and index:
            later = [t for _, t in lines[index + 1 :]]
            if not any(t.rstrip() == "---" for t in later) and len(lines) < _LOOK_AHEAD and _is_read(_LINE.match(later[0])):
                later.append("---")  # the end of the card closes it
            if _only_yaml(later):
                return (FrontMatterProblem("displaced", "", o, o + len(s)),)
    return (FrontMatterProblem("no-block", "", 0, 0),)


def _unfenced(text: str) -> FrontMatterProblem | None:
    """Metadata at the head of a card without a fence above it: lines from a key that hubs read to the last that looks like YAML.

    ``detail`` is the fence below where there is one. Blank lines belong to it where a key that hubs read follows.
    """
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] in _NO_KEY or not _is_read(_LINE.match(text, start)):
        return None
    end, blank = start, False
    for at, line in _first_lines(text[start:]):
        bare = line.strip()
        if bare == "---":
            return FrontMatterProblem("unfenced", "", start, end, bare)
        if not bare:
            blank = True
        elif (blank and not _is_read(_LINE.match(line))) or not (_KEY.match(line) or (line[0] in " \t-" and not bare.startswith("#"))):
            break
        else:
            end, blank = start + at + len(line), False
    return FrontMatterProblem("unfenced", "", start, end)


def _is_read(line: re.Match[str] | None) -> bool:
    """Whether a line begins with a key that the hub reads of models or datasets, as the hub writes it."""
    if line is None or not _KEY.match(line[1]):
        return False
    from cardlint.vocab import fields

    key = line[1].partition(":")[0].rstrip()
    return any(key in fields.of(kind) for kind in ("model", "dataset"))


def _bad_fence(line: str, place: tuple[int, int], rest: list[tuple[int, str]], text: str) -> FrontMatterProblem:
    """Which fence of a block that looks like front matter the hub does not accept."""
    if line.strip() == "---" and line.rstrip() != line:
        return FrontMatterProblem("blanks-after-opening-fence", "", *place)
    if line.strip() != "---":
        return FrontMatterProblem("odd-opening-fence", "", *place, line.strip()[:40])
    if "\n" not in text[: rest[0][0] + 1]:
        return FrontMatterProblem("cr-only", "", *place)
    for at, other in rest:
        stripped = other.strip()
        if stripped == "---" and other[:1] in (" ", "\t"):
            return FrontMatterProblem("indented-closing-fence", "", at, at + len(other))
        if stripped == "..." or (stripped.startswith("---") and set(stripped) == {"-"}) or _is_dashes(stripped):
            return FrontMatterProblem("odd-closing-fence", "", at, at + len(other), stripped[:40])
        if stripped.startswith("---"):
            return FrontMatterProblem("text-after-closing-fence", "", at, at + len(other), stripped[:40])
    return FrontMatterProblem("unclosed", "", *place)


def _is_dashes(line: str) -> bool:
    """Whether a line is dashes that an editor made of hyphens."""
    return not line.isascii() and set(line) <= _DASHES


def _first_lines(text: str) -> list[tuple[int, str]]:
    """The first lines with their offsets."""
    lines: list[tuple[int, str]] = []
    at = 0
    while at < len(text) and len(lines) < _LOOK_AHEAD:
        match = _LINE.match(text, at)
        if match is None or match.end() == at:
            break
        lines.append((at, match.group(1)))
        at = match.end()
    return lines


def _only_yaml(lines: list[str]) -> bool:
    """Whether the lines up to the next fence look like a mapping and nothing else."""
    for line in lines:
        if line.rstrip() == "---":
            return True
        if line.strip() and not (_KEY.match(line) or line[0] in " \t-#"):
            return False
    return False
