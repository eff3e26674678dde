"""Rules of hub scope over what an audit keeps of a repository: the card is not read again."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from cardlint.engine.assertion import Assertion
from cardlint.engine.batch import without_ignored
from cardlint.engine.case import MOST_FINDINGS
from cardlint.engine.dispatch import PythonCheck
from cardlint.engine.place import Stored, finding
from cardlint.engine.run import Engine, is_known, needs
from cardlint.engine.yielding import said_once, without_repeated, yields
from cardlint.model import NotChecked, Outcome
from cardlint.sources.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cardlint.engine.batch import Plan
    from cardlint.engine.rule import Rule
    from cardlint.hub.node import Node
    from cardlint.model import Finding, Kind, Problem, Severity


_Due = tuple["Rule", "Severity", PythonCheck | Assertion]


class StoredJudge:
    """Judges nodes by the plan's rules of hub scope; those whose other needs are not met were told of in the first phase."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._engine = Engine((), later=True)
        self._yields = yields(plan.selected)
        self._rules: list[tuple[Rule, Severity, PythonCheck | Assertion, frozenset[str]]] = []
        for rule, severity in plan.selected:
            if rule.scope == "hub":
                options = {**rule.options, **plan.options.get(rule.code, {})}
                check = Assertion(rule) if "assert" in rule.check else PythonCheck(rule, options)
                self._rules.append((rule, severity, check, needs(rule)))
        self._plans: dict[tuple[Kind, frozenset[str]], list[_Due]] = {}

    def _due(self, kind: Kind, met: frozenset[str]) -> list[_Due]:
        """The rules that speak of this kind of repository, and whose needs are met."""
        known = self._plans.get((kind, met))
        if known is None:
            known = [each[:3] for each in self._rules if kind in each[0].applies_to and each[3] <= met]
            self._plans[kind, met] = known
        return known

    def __bool__(self) -> bool:
        return bool(self._rules)

    def __call__(self, node: Node, facts: dict[str, Any]) -> Outcome:
        """The outcome of one node under the rules of hub scope; ``facts`` is the part ``hub`` of its facts.

        What the first phase held back is told too, where no rule of hub scope says it.
        """
        stored = Stored(Entry(node.input, None, node.path, node.id or None), node.places)
        found: list[Finding] = []
        failures: list[str] = []
        not_checked: dict[str, list[str]] = {}
        seen: dict[str, int] = {}
        for rule, severity, check in self._due(node.kind, _met(node)):
            try:
                for said in islice(_asked(check, facts, node), MOST_FINDINGS):
                    if isinstance(said, NotChecked):
                        codes = not_checked.setdefault(said.reason, [])
                        if rule.code not in codes:
                            codes.append(rule.code)
                    else:
                        found.append(finding(rule, severity, said, stored, seen))
            except Exception as error:  # noqa: BLE001  # a rule's own fault must not lose the others
                failures.append(f"{rule.code}: {type(error).__name__}: {error}")
        found.sort(key=_order)
        failure = "; ".join(failures) or None
        outcome = Outcome(node.input, node.id or None, node.kind, node.path, None, tuple(found), not_checked, failure)
        if self.plan.silence is not None and found:
            outcome = self.plan.silence(stored, outcome, self._engine)  # type: ignore[arg-type]  # comments were heard before
        held = without_repeated(node.held, (*outcome.findings, *outcome.suppressed), self._yields)
        outcome = without_ignored(said_once(outcome, self._yields), self.plan)
        return outcome._replace(findings=tuple(sorted((*outcome.findings, *held), key=_order))) if held else outcome


def _order(finding: Finding) -> tuple[Any, ...]:
    return (finding.span, finding.code, finding.message)


def _asked(check: PythonCheck | Assertion, facts: dict[str, Any], node: Node) -> Iterable[Problem | NotChecked]:
    if isinstance(check, Assertion):
        return check.problems({"id": node.id or None, "hub": facts})
    return check.problems({"hub": facts})


def _met(node: Node) -> frozenset[str]:
    """The needs that a node meets."""
    met = {"hub"}
    if node.card:
        met.add("card")
    if node.body:
        met.add("body")
    if node.metadata:
        met.add("metadata")
    if node.id and is_known(node.kind, node.id):
        met.add("id")
    if "listed" in node.says:
        met.add("files")
    return frozenset(met)
