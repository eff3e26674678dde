"""What a decision tells somebody who pushed: lines that git shows on their terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.gate.change import Reason
from cardlint.gate.paths import CARD
from cardlint.report.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.gate.decision import Decision
    from cardlint.model import Finding

SHOWN = 20
"""Reasons or warnings that are told one by one."""


def lines(decision: Decision) -> Iterator[str]:
    """A decision for the terminal; nothing where there is nothing to say. A card's words come without control characters."""
    ref = plain(decision.revision)
    if decision.action == "refuse":
        yield f"cardlint: {ref} is refused (policy {decision.policy}, decision {decision.id}):"
        yield from _told(decision.reasons)
    elif decision.verdict == "refuse":
        leave = decision.allowance
        why = f"{leave.owner} allows it until {leave.until}: {plain(leave.reason)}" if leave else "the policy only observes"
        yield f"cardlint: {ref} would be refused, but {why}:"
        yield from _told(decision.reasons)
    elif decision.action == "warn":
        yield f"cardlint: {ref} is accepted, with warnings:"
        yield from _told(decision.warnings)
        if decision.failure:
            yield f"  not judged to the end: {plain(decision.failure)}"
    if decision.action == "refuse" and decision.reasons:
        if any(each.code.isupper() for each in decision.reasons):  # the others are words of the gate's own
            yield "  'cardlint rule CODE' explains a rule; mend what is named, commit, and push again"
        else:
            yield "  mend what is named, commit, and push again"


def _told(problems: tuple[Reason, ...] | tuple[Finding, ...]) -> Iterator[str]:
    for each in problems[:SHOWN]:
        line = each.line if isinstance(each, Reason) else each.span.line
        yield f"  {CARD}{f':{line}' if line else ''} {each.code} {plain(each.message)}"
        if each.help:
            yield f"    {plain(each.help)}"
    if len(problems) > SHOWN:
        yield f"  and {len(problems) - SHOWN} more"
