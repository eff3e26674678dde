"""One card through the selected rules: findings, what could not be checked and why, and failures of our own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from cardlint.engine.assertion import Assertion, parts_read
from cardlint.engine.dispatch import Dispatch
from cardlint.engine.place import finding
from cardlint.engine.textual import TextSet
from cardlint.model import Finding, Kind, Outcome, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cardlint.engine.dispatch import PythonCheck
    from cardlint.engine.rule import Rule
    from cardlint.engine.select import Selected
    from cardlint.facts.document import Facts
    from cardlint.facts.subject import Subject

MOST_FINDINGS = 50
"""Findings kept of one rule on one card; a card that has more is told once that there are more."""

REASONS = {
    "card": "the repository has no card",
    "metadata": "the front matter could not be read",
    "id": "the repository's id is not known",
    "files": "only the card was given",
    "hub": "no hub was given",
}


class _Plan(NamedTuple):
    """The rules that run where the same needs are met."""

    assertions: list[tuple[Rule, Assertion]]
    texts: list[TextSet]
    python: Dispatch
    parts: tuple[str, ...]
    not_checked: dict[str, list[str]]


class Engine:
    """Judges subjects by the same selected rules; plans are compiled once for each kind and set of met needs."""

    def __init__(self, selected: Sequence[Selected], options: dict[str, dict[str, Any]] | None = None) -> None:
        self.selected = tuple(selected)
        self.severity: dict[str, Severity] = {each.rule.code: each.severity for each in selected}
        self.options = {each.rule.code: {**each.rule.options, **(options or {}).get(each.rule.code, {})} for each in selected}
        self._engine_rules = {each.rule.check["engine"]: each.rule for each in selected if "engine" in each.rule.check}
        self._plans: dict[tuple[Kind, frozenset[str]], _Plan] = {}

    def judge(self, subject: Subject) -> Outcome:
        """The outcome of one card. A check that raises becomes the outcome's failure; the other rules still run."""
        entry = subject.entry
        met = _met(subject)
        plan = self._plan(subject.card.kind, met)
        seen: Counter[str] = Counter()
        counts: Counter[str] = Counter()
        findings: list[Finding] = []
        failures: list[str] = []

        def take(rule: Rule, problems: Iterable[Problem]) -> None:
            try:
                for problem in problems:
                    counts[rule.code] += 1
                    if counts[rule.code] > MOST_FINDINGS:
                        break
                    findings.append(finding(rule, self.severity[rule.code], problem, subject, seen))
            except Exception as error:  # noqa: BLE001  # a rule's own fault must not lose the card
                failures.append(f"{rule.code}: {type(error).__name__}: {error}")

        facts: Facts | None = None
        if "card" in met:
            for name, problems in _engine_problems(subject):
                if name in self._engine_rules:
                    take(self._engine_rules[name], problems)
            facts = subject.facts
            try:
                for part in plan.parts:
                    facts[part]
            except Exception as error:  # noqa: BLE001  # a reader's own fault must not lose the card
                failures.append(f"facts: {type(error).__name__}: {error}")
                facts = None
        elif "missing-card" in self._engine_rules:
            take(self._engine_rules["missing-card"], [Problem("", f"{entry.id or 'this repository'} has no model card (README.md)")])
        if facts is not None:
            for rule, assertion in plan.assertions:
                take(rule, assertion.problems(facts))
            for each in plan.python.due(subject.card):
                take(each.rule, self._call(each, subject, facts))
            for texts in plan.texts:
                try:
                    for rule, problem in texts.problems(subject.card):
                        take(rule, [problem])
                except Exception as error:  # noqa: BLE001  # as above
                    failures.append(f"text patterns: {type(error).__name__}: {error}")
        findings.sort(key=lambda each: (each.span, each.code, each.message))
        return Outcome(
            entry.input,
            entry.id,
            subject.card.kind,
            entry.path,
            subject.sha256 if subject.has_card else None,
            tuple(findings),
            plan.not_checked,
            "; ".join(failures) or None,
        )

    def _call(self, each: PythonCheck, subject: Subject, facts: Facts) -> Iterable[Problem]:
        given: dict[str, Any] = {}
        for name in each.wants:
            if name == "card":
                given[name] = subject.card
            elif name == "repo":
                given[name] = subject.repo
            elif name == "facts":
                given[name] = facts
            elif name == "options":
                given[name] = self.options[each.rule.code]
            else:
                given[name] = facts["hub"]
        return each.function(**given)

    def _plan(self, kind: Kind, met: frozenset[str]) -> _Plan:
        key = (kind, met)
        if key not in self._plans:
            self._plans[key] = self._compile(kind, met)
        return self._plans[key]

    def _compile(self, kind: Kind, met: frozenset[str]) -> _Plan:
        assertions: list[tuple[Rule, Assertion]] = []
        texts: dict[str, list[Rule]] = {}
        python: list[Rule] = []
        parts: set[str] = set()
        not_checked: dict[str, list[str]] = {}
        for rule, _ in self.selected:
            if kind not in rule.applies_to or "engine" in rule.check:
                continue
            unmet = next((need for need in REASONS if need in needs(rule) and need not in met), None)
            if unmet is not None:
                not_checked.setdefault(REASONS[unmet], []).append(rule.code)
            elif "assert" in rule.check:
                assertions.append((rule, Assertion(rule)))
                parts |= parts_read(rule.check)
            elif "text" in rule.check:
                texts.setdefault(rule.check["text"]["part"], []).append(rule)
            else:
                python.append(rule)
        sets = [TextSet(part, rules) for part, rules in texts.items()]
        return _Plan(assertions, sets, Dispatch(python), tuple(sorted(parts)), not_checked)


def needs(rule: Rule) -> frozenset[str]:
    """What must have been read for a rule to run: as its file says, and what its check and scope imply."""
    implied = set(rule.needs) | {"card"}
    if "assert" in rule.check and parts_read(rule.check) & {"metadata", "declared", "places"}:
        implied.add("metadata")
    if "keys" in rule.check:
        implied.add("metadata")
    if rule.scope == "repo":
        implied.add("files")
    if rule.scope == "hub":
        implied.add("hub")
    return frozenset(implied)


def _met(subject: Subject) -> frozenset[str]:
    met = set()
    if subject.has_card:
        met.add("card")
        block = subject.card.front_matter
        if block.status in ("ok", "empty") or (block.status == "absent" and block.problems[0].kind in ("no-block", "empty-block")):
            met.add("metadata")
    if subject.entry.id is not None:
        met.add("id")
    if subject.repo is not None:
        met.add("files")
    return frozenset(met)


def _engine_problems(subject: Subject) -> Iterable[tuple[str, list[Problem]]]:
    """What the readers themselves could not or did not read to the end."""
    decoded = subject.card.decoded
    if decoded.cut:
        yield "budget", [Problem("", f"the card has {subject.size:,} bytes; what follows byte 8,000,000 was not read", value="bytes")]
    spent = subject.card.outline.spent
    if spent:
        yield "budget", [Problem("", f"the card has too many {name}; the rest was not read", value=name) for name in spent]
