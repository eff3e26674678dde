"""JUnit XML: a suite a card, a case a rule, those that passed and those that were not checked too. Written while the cards come.

There is no time in it, so that equal runs are equal; it is valid against the schema that Jenkins' xUnit plugin reads (junit-10.xsd).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO
from xml.sax.saxutils import escape, quoteattr

from cardlint.report.plain import plain
from cardlint.report.records import told
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.model import Finding, Outcome
    from cardlint.report.records import RunInfo, Tally


class _Case(NamedTuple):
    """A case: what was tried, and the element inside it, empty where it passed."""

    name: str
    kind: str
    element: str


class JunitWriter:
    """A rule with findings that count is a failure of the worst severity among them; with silent ones only, it is skipped."""

    shows_text = False

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def start(self, info: RunInfo) -> None:
        """Write the head."""
        self._selected = info.selected
        self.out.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cardlint">\n')

    def card(self, outcome: Outcome, text: str | None) -> None:  # noqa: ARG002  # the protocol's shape
        """Write one card's suite."""
        cases = self._cases(outcome)
        counts = {kind: sum(case.kind == kind for case in cases) for kind in ("failure", "error", "skipped")}
        name = quoteattr(plain(outcome.input))
        self.out.write(
            f'<testsuite name={name} tests="{len(cases)}" failures="{counts["failure"]}" errors="{counts["error"]}"'
            f' skipped="{counts["skipped"]}">\n'
        )
        for case in cases:
            head = f"<testcase classname={name} name={quoteattr(case.name)}"
            self.out.write(f"{head}>{case.element}</testcase>\n" if case.element else f"{head}/>\n")
        self.out.write("</testsuite>\n")

    def end(self, tally: Tally) -> None:  # noqa: ARG002  # the protocol's shape
        """Close the document."""
        self.out.write("</testsuites>\n")

    def _cases(self, outcome: Outcome) -> list[_Case]:
        found: dict[str, list[Finding]] = {}
        for finding in told(outcome):
            found.setdefault(finding.code, []).append(finding)
        why_not = {code: reason for reason, codes in outcome.not_checked.items() for code in codes}
        cases = []
        for rule, _ in self._selected:
            name = f"{rule.code} {rule.name}"
            if rule.code in found:
                cases.append(_found(name, outcome, found.pop(rule.code)))
            elif rule.code in why_not:
                cases.append(_skipped(name, f"not checked: {why_not[rule.code]}"))
            elif outcome.kind in rule.applies_to:
                cases.append(_skipped(name, "cardlint failed on this card") if outcome.failure else _Case(name, "passed", ""))
        cases += [_found(f"{code} {findings[0].name}", outcome, findings) for code, findings in found.items()]
        if outcome.failure:
            said = quoteattr(plain(outcome.failure))
            cases.append(_Case("cardlint", "error", f'<error type="failure" message={said}/>'))
        return cases


def _found(name: str, outcome: Outcome, findings: Sequence[Finding]) -> _Case:
    counted = [each for each in findings if each.suppressed is None]
    if not counted:
        silent = findings[0].suppressed
        return _skipped(name, f"{silent.by}: {silent.reason}" if silent else "")
    more = f" (and {len(counted) - 1} more)" if len(counted) > 1 else ""
    worst = min((each.severity for each in counted), key=("error", "warning", "note").index)
    lines = [
        f"{plain(outcome.input)}:{each.span.line}:{each.span.column}: {each.severity} {each.code} {plain(each.message)}"
        + (f"\n  help: {plain(each.help)}" if each.help else "")
        for each in counted
    ]
    said = quoteattr(plain(counted[0].message) + more)
    return _Case(name, "failure", f'<failure type="{worst}" message={said}>{escape(chr(10).join(lines))}</failure>')


def _skipped(name: str, why: str) -> _Case:
    return _Case(name, "skipped", f"<skipped message={quoteattr(plain(why))}/>")
