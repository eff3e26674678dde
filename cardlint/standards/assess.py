"""The controls of standards on one card: met, not met, not checked, manual or not applicable, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cardlint.engine.place import clean, finding
from cardlint.engine.run import REASONS
from cardlint.model import ControlResult, Problem
from cardlint.standards.resolve import Resolver, absent, untold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.engine.rule import Rule
    from cardlint.engine.run import Engine
    from cardlint.facts.subject import Subject
    from cardlint.model import ControlState, Finding, Outcome
    from cardlint.standards.resolve import Answer
    from cardlint.standards.standard import Control, Demand, Standard

UNMET = "unmet-control"
"""What the rule of ``check: {engine: …}`` is called that speaks of controls with a severity."""
_MOST_REASONS = 4
_MOST_PLACES = 8
_NO_CARD = "the repository has no card"


def wanted_rules(standards: Sequence[Standard], rules: Sequence[Rule], *, preview: bool) -> tuple[str, ...]:
    """The rules that standards name, and the one on their controls: they run whatever the profile says."""
    named = {code for standard in standards for code in standard.rules}
    severe = any(control.severity for standard in standards for control in standard.controls)
    wanted = named | {rule.code for rule in rules if severe and rule.check.get("engine") == UNMET}
    return tuple(rule.code for rule in rules if rule.code in wanted and (preview or rule.status == "stable"))


@dataclass(frozen=True, slots=True)
class Assess:
    """Judges the controls of some standards; picklable, so that workers can."""

    standards: tuple[Standard, ...]

    def __call__(self, subject: Subject, outcome: Outcome, engine: Engine) -> Outcome:
        """The outcome with the controls' states, and a finding for each control that has a severity and is not met.

        A finding that a waiver, a comment or a baseline silences later still stands against its control.
        """
        case = _Case(subject, outcome, engine)
        results: list[ControlResult] = []
        unmet: list[tuple[Control, ControlResult]] = []
        try:
            for standard in self.standards:
                for control in standard.controls:
                    result = case.result(standard, control)
                    results.append(result)
                    if result.state == "not-met" and control.severity is not None:
                        unmet.append((control, result))
        except Exception as error:  # noqa: BLE001  # a reader's own fault must not lose the card
            failure = f"standards: {type(error).__name__}: {error}"
            return outcome._replace(failure="; ".join(filter(None, (outcome.failure, failure))))
        findings = list(_findings(subject, engine, unmet))
        if findings:
            findings = sorted((*outcome.findings, *findings), key=lambda each: (each.span, each.code, each.message))
        return outcome._replace(findings=tuple(findings) or outcome.findings, controls=tuple(results))


class _Case:
    """One card before its standards."""

    def __init__(self, subject: Subject, outcome: Outcome, engine: Engine) -> None:
        self.subject, self.outcome = subject, outcome
        self.resolve = Resolver(subject)
        self.selected = {each.rule.code: each.rule for each in engine.selected}
        self.missed = {code: reason for reason, codes in outcome.not_checked.items() for code in codes}
        self.found: dict[str, list[Finding]] = {}
        for each in outcome.findings:
            self.found.setdefault(each.code, []).append(each)

    def result(self, standard: Standard, control: Control) -> ControlResult:
        state, reason, answers = self._state(control)
        places = dict.fromkeys(place for answer in answers for place in answer.places)
        return ControlResult(standard.id, control.id, control.clause, state, clean(reason), tuple(places)[:_MOST_PLACES])

    def _state(self, control: Control) -> tuple[ControlState, str, list[Answer]]:
        if control.dropped:
            return "not-applicable", control.dropped, []
        if self.outcome.kind not in control.kinds:
            return "not-applicable", f"only for {' and '.join(control.kinds)} cards", []
        for condition in control.applies:
            applies = self.resolve.applies(condition)
            if applies is None:
                return "not-checked", f"whether it applies ({condition.words}) cannot be told", []
            if not applies:
                return "not-applicable", f"only where {condition.words}", []
        if control.manual:
            return "manual", control.manual, [answer for answer in map(self.resolve, control.evidence) if answer.holds]
        against = list(self._rules(control))
        answers = [*map(self._evidence, control.evidence), *against]
        if control.if_absent and self.subject.has_card and all(answer.holds is not False for answer in against):
            missing = [answer.why for answer in answers if answer.holds is False]
            if missing:
                return "manual", f"{'; '.join(missing)}: {control.if_absent}", answers
        for state, holds in (("not-met", False), ("not-checked", None)):
            whys = list(dict.fromkeys(answer.why for answer in answers if answer.holds is holds))
            if whys:
                shown = "; ".join(whys[:_MOST_REASONS]) + ("; …" if len(whys) > _MOST_REASONS else "")
                return state, shown, answers  # type: ignore[return-value]  # one of the states
        return "met", "", answers

    def _evidence(self, demand: Demand) -> Answer:
        answer = self.resolve(demand)
        return absent(_NO_CARD) if answer.holds is False and not self.subject.has_card else answer

    def _rules(self, control: Control) -> Iterator[Answer]:
        """What the control's rules say: a finding is a no, a rule that was not asked or could not decide is no pass."""
        for code in control.rules:
            rule = self.selected.get(code)
            if rule is None:
                yield untold(f"{code} did not run")
            elif self.outcome.kind not in rule.applies_to:
                continue
            elif code in self.found:
                first = self.found[code][0]
                yield absent(f"{code} {first.message} (line {first.span.line})")
            elif self.outcome.failure:
                yield untold("cardlint failed on this card")
            elif code in self.missed:
                yield untold(f"{code}: {self.missed[code]}")
            elif rule.scope == "hub" and self.subject.hub is None:  # an audit asks these when all repositories are known
                yield untold(f"{code}: {REASONS['hub']}")


def _findings(subject: Subject, engine: Engine, unmet: list[tuple[Control, ControlResult]]) -> Iterator[Finding]:
    """A finding for each control that is not met, in the control's own severity, where the rule on them runs."""
    rule = next((each.rule for each in engine.selected if each.rule.check.get("engine") == UNMET), None)
    if rule is None:
        return
    seen: dict[str, int] = {}
    for control, result in unmet:
        message = f"{result.standard} {control.id} is not met: {result.reason}"
        at = next((each.at for each in _leaves(control.evidence) if each.at), "")
        problem = Problem(at, message, f"{control.clause}: {control.text}", value=f"{result.standard}/{control.id}")
        yield finding(rule, control.severity or "note", problem, subject, seen)


def _leaves(demands: tuple[Demand, ...]) -> Iterator[Demand]:
    for each in demands:
        yield from _leaves(each.any) if each.any else (each,)
