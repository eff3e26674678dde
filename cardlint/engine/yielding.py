"""Findings that are not told because another one says the same: a rule's ``yields-to`` names the rules that know more.

Two findings say the same where their checks tell that they are about the same thing, or, where neither tells, on the same place.
A finding that is silent for a waiver, a comment or a baseline still counts: who has answered it does not want to hear it twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.engine.select import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cardlint.engine.rule import Rule
    from cardlint.engine.select import Selected
    from cardlint.model import Finding, Outcome, Span


def yields(selected: Iterable[Selected], *, later: bool = False) -> dict[str, frozenset[str]]:
    """For the codes of a run that yield, the codes of the run that they yield to; ``later``: to rules of hub scope alone."""
    selected = tuple(selected)
    running = {each.rule.code for each in selected if not later or each.rule.scope == "hub"}
    found = {each.rule.code: running.intersection(each.rule.yields_to) for each in selected if each.rule.yields_to}
    return {code: frozenset(codes) for code, codes in found.items() if codes}


def faults(rules: Sequence[Rule]) -> Iterator[tuple[Rule, str]]:
    """Rules that yield to one that is not there, or in a circle, in which none would speak."""
    known = {rule.code: rule for rule in rules}
    for rule in rules:
        for code in rule.yields_to:
            if code not in known:
                near = nearest(code, known)
                yield rule, f"yields-to: no rule {code!r}" + (f"; did you mean {near!r}?" if near else "")
        reached: set[str] = set()
        ahead = list(rule.yields_to)
        while ahead:
            code = ahead.pop()
            if code in known and code not in reached:
                reached.add(code)
                ahead += known[code].yields_to
        if rule.code in reached:
            yield rule, "yields-to: it yields to itself" + ("" if rule.code in rule.yields_to else " by way of others")


def said_once(outcome: Outcome, to: Mapping[str, frozenset[str]]) -> Outcome:
    """The outcome without findings that another one of it says, those that are silent included."""
    if not any(each.code in to for each in outcome.findings):
        return outcome
    left = without_repeated(outcome.findings, (*outcome.findings, *outcome.suppressed), to)
    return outcome._replace(findings=tuple(left))


def without_repeated(findings: Sequence[Finding], others: Iterable[Finding], to: Mapping[str, frozenset[str]]) -> list[Finding]:
    """The findings that none of the others says too."""
    said = {(each.code, _subject(each)) for each in others}
    return [each for each in findings if not any((code, _subject(each)) in said for code in to.get(each.code, ()))]


def _subject(finding: Finding) -> str | Span:
    return finding.about or finding.span
