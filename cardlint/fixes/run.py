"""A card mended round by round, judged again after each, until no fix is left that holds."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import Counter
from typing import TYPE_CHECKING

from cardlint.card.decode import decode
from cardlint.card.frontmatter import read_front_matter
from cardlint.card.lines import Lines
from cardlint.fixes.apply import Change, apply, changes_of, line_end_of, together
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cardlint.card.decode import Decoded
    from cardlint.model import Finding, Outcome

MOST_ROUNDS = 100
"""Rounds before the loop stops. Of 21,331 real cards all but a dozen take one; one with a hundred wrong languages takes 30."""
_MOST_TRIED_ALONE = 40
_MOST_TIMES = 3
"""Rounds in which one finding is mended; equal findings whose edits meet take turns, a fix that does not help stops here."""


class Mended(NamedTuple):
    """The bytes of a card after its fixes, the outcome of those bytes, and the findings whose fixes were applied."""

    data: bytes
    outcome: Outcome
    applied: tuple[Finding, ...] = ()


class _Due(NamedTuple):
    """A finding with the changes of its fix."""

    finding: Finding
    changes: tuple[Change, ...]


def mend(data: bytes, judge: Callable[[bytes], Outcome], *, unsafe: bool = False) -> Mended:
    """Apply the safe fixes of a card's findings, and with ``unsafe`` those that may change what it says, to a fixed point.

    A card that is not UTF-8 or was cut while reading is left as it is. A fix after which front matter that was read can no
    longer be read is not applied. Silent findings are not mended.
    """
    wanted = {"safe", "unsafe"} if unsafe else {"safe"}
    outcome = judge(data)
    applied: list[Finding] = []
    refused: set[str] = set()
    times: Counter[str] = Counter()
    seen = {data}
    for _ in range(MOST_ROUNDS):
        due = [each for each in outcome.findings if each.fix and each.fix.safety in wanted and each.fingerprint not in refused]
        decoded = decode(data)
        if not due or decoded.cut or decoded.encoding != "utf-8":
            break
        done, text = _round(decoded, due, refused)
        bom = decoded.bom and not any(each.fix and each.fix.strips_bom for each in done)
        fixed = (BOM_UTF8 if bom else b"") + text.encode("utf-8")
        if fixed == data:
            refused.update(each.fingerprint for each in done)
            continue
        if fixed in seen:
            break
        seen.add(fixed)
        applied += done
        times.update(each.fingerprint for each in done)
        refused.update(fingerprint for fingerprint, count in times.items() if count >= _MOST_TIMES)
        data = fixed
        outcome = judge(data)
    return Mended(data, outcome, tuple(applied))


def _round(decoded: Decoded, due: Sequence[Finding], refused: set[str]) -> tuple[list[Finding], str]:
    """The findings that are mended at once, and the text after it. Adds to ``refused`` the fingerprints of fixes that do not hold."""
    text = decoded.text
    lines, line_end = Lines(text), line_end_of(text)
    fixes = [_Due(each, changes_of(each.fix, lines, line_end)) for each in due if each.fix is not None]
    chosen = [fixes[index] for index in together([each.changes for each in fixes])]
    fixed = apply(text, (change for each in chosen for change in each.changes))
    if _holds(text, fixed):
        return [each.finding for each in chosen], fixed
    kept: list[_Due] = []
    for number, each in enumerate(chosen):
        alone = apply(text, (change for other in (*kept, each) for change in other.changes))
        if number < _MOST_TRIED_ALONE and _holds(text, alone):
            kept.append(each)
        else:
            refused.add(each.finding.fingerprint)
    return [each.finding for each in kept], apply(text, (change for each in kept for change in each.changes))


def _holds(before: str, after: str) -> bool:
    """Whether front matter that could be read still can."""
    return read_front_matter(before).status != "ok" or read_front_matter(after).status in ("ok", "empty")
