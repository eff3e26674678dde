"""The comment: what a decision says of a card, in Markdown that the card cannot speak through, with a mark to find it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.gate.paths import CARD
from cardlint.report.markdown import escape
from cardlint.report.plain import counted, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cardlint.gate.change import Reason
    from cardlint.gate.decision import Decision
    from cardlint.model import Finding

MARK = "<!-- cardlint gate -->"
"""How one's own comment begins."""
TITLE = "Model card: what cardlint found"
MOST_ROWS = (60, 20, 5)
"""Findings that are told of each group, fewer where the comment would be too long."""
LONGEST = 60_000
"""Characters of a comment; a hub takes 65,536."""
_HEAD = "| | rule | line | |\n|---|---|--:|---|\n"


def is_clean(decision: Decision) -> bool:
    """Whether there is nothing to tell: no reason to refuse, and nothing worse than a note."""
    return not decision.reasons and not decision.failure and all(each.severity == "note" for each in decision.findings)


def comment(decision: Decision, commit: str, command: str = "cardlint rule") -> str:
    """The whole comment on a reference at a commit. The same decision gives the same text."""
    texts = ("".join(_parts(decision, commit, command, most)) for most in MOST_ROWS)
    return next(text for text in texts if len(text) <= LONGEST)


def _parts(decision: Decision, commit: str, command: str, most: int) -> Iterator[str]:
    yield f"{MARK}\n**cardlint** looked at `{CARD}` of `{escape(plain(decision.revision))}` at `{commit[:12]}`"
    if is_clean(decision):
        yield ": nothing is wrong.\n"
        return
    count = len(decision.reasons)
    verdict = f"{counted(count, 'error')}, for which the gate would refuse an upload" if count else "no error, some warnings"
    yield f": {verdict}.\n"
    if decision.reasons:
        yield "\n" + _HEAD
        yield from _rows((_reason(each) for each in decision.reasons), count, most)
    told = {(each.code, each.message) for each in decision.reasons}
    others = [each for each in decision.findings if (each.code, each.message) not in told and each.severity != "note"]
    for title, group in (
        ("New with this change", [each for each in others if each.fingerprint in decision.brought]),
        ("There before", [each for each in others if each.fingerprint not in decision.brought]),
    ):
        if group:
            yield f"\n<details><summary>{title}: {len(group)}</summary>\n\n{_HEAD}"
            yield from _rows((_finding(each) for each in group), len(group), most)
            yield "\n</details>\n"
    if decision.failure:
        yield f"\nNot judged to the end: {escape(plain(decision.failure))}\n"
    by = f"the decision is `{decision.id}`, by the policy `{escape(plain(decision.policy))}`"
    yield f"\n`{command} CODE` explains a rule. This comment is kept up to date; {by}.\n"


def _rows(rows: Iterable[str], count: int, most: int) -> Iterator[str]:
    for number, row in enumerate(rows):
        if number == most:
            yield f"| | | | and {count - most} more |\n"
            return
        yield row


def _reason(reason: Reason) -> str:
    return _row("error", reason.code, reason.line, reason.message, reason.help)


def _finding(finding: Finding) -> str:
    return _row(finding.severity, finding.code, finding.span.line, finding.message, finding.help)


def _row(severity: str, code: str, line: int | None, message: str, advice: str | None) -> str:
    said = escape(plain(message)) + (f"<br>{escape(plain(advice))}" if advice else "")
    return f"| {severity} | {code} | {line or ''} | {said} |\n"
