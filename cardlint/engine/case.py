"""One card while it is judged: what was found on it so far, and what of our own failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.budgets import BUDGETS
from cardlint.card.card import BodyUnknown, Head
from cardlint.engine.place import finding
from cardlint.engine.textual import TextSet
from cardlint.model import Finding, NotChecked, Outcome, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cardlint.engine.dispatch import PythonCheck
    from cardlint.engine.rule import Rule
    from cardlint.facts.subject import Subject

METADATA_ALONE = "only the card's metadata was given"
MOST_FINDINGS = BUDGETS.findings
"""Findings kept of one rule on one card; a card that has more is told once that there are more."""


class Case:
    """One card under judgement: its findings and our failures so far."""

    __slots__ = ("failures", "findings", "given", "more", "not_checked", "seen", "severity", "subject", "undecided")

    def __init__(self, subject: Subject, severity: dict[str, Severity]) -> None:
        self.subject = subject
        self.severity = severity
        self.findings: list[Finding] = []
        self.failures: list[str] = []
        self.more: list[str] = []
        self.seen: dict[str, int] = {}
        self.undecided: dict[str, list[str]] = {}
        self.not_checked: dict[str, list[str]] = {}
        self.given: dict[str, Any] = {}

    def build(self, part: str, lost: set[Case]) -> None:
        """Build a part of the facts; where that fails, the case is among the ``lost``, and no other part is built."""
        if self in lost:
            return
        try:
            self.subject.facts[part]
        except Exception as error:  # noqa: BLE001  # a reader's own fault must not lose the card
            self.fail("facts", error)
            lost.add(self)

    def look(self, part: str, lost: set[Case]) -> None:
        """Have the card read a part of itself, as `build` does for a part of the facts."""
        if self in lost:
            return
        try:
            getattr(self.subject.card, part)
        except Exception as error:  # noqa: BLE001  # as above
            self.fail("facts", error)
            lost.add(self)

    def ask(self, check: PythonCheck | TextSet) -> None:
        """Ask one check, and keep what it says."""
        if isinstance(check, TextSet):
            try:
                for rule, problem in check.problems(self.subject.card):
                    self.add(rule, problem)
            except Exception as error:  # noqa: BLE001  # as above
                self.fail("text patterns", error)
            return
        try:
            said = check.problems(self.given or self._given())
        except Exception as error:  # noqa: BLE001  # as above; a check that is no generator raises here
            self.fail(check.rule.code, error)
        else:
            if said != ():
                self.take(check.rule, said)

    def _given(self) -> dict[str, Any]:
        """What checks may ask for."""
        subject = self.subject
        hub = subject.facts["hub"] if subject.hub is not None else None
        card = Head(subject.card.decoded, subject.card.kind, subject.card.path) if subject.entry.only_metadata else subject.card
        self.given = {"card": card, "repo": subject.repo, "facts": subject.facts, "hub": hub, "old": subject.old}
        return self.given

    def add(self, rule: Rule, said: Problem | NotChecked) -> None:
        """Keep one thing that a rule says."""
        if isinstance(said, NotChecked):
            self.undecided.setdefault(said.reason, []).append(rule.code)
        else:
            self.findings.append(finding(rule, self.severity[rule.code], said, self.subject, self.seen))

    def take(self, rule: Rule, problems: Iterable[Problem | NotChecked]) -> None:
        """Keep what a rule says, up to a bound; nothing of a rule that turns out to want what was not given."""
        before = len(self.findings)
        try:
            for number, said in enumerate(problems):
                if number == MOST_FINDINGS:
                    self.more.append(rule.code)
                    break
                self.add(rule, said)
        except BodyUnknown as error:
            del self.findings[before:]
            self.fail(rule.code, error)
        except Exception as error:  # noqa: BLE001  # a rule's own fault must not lose the card
            self.fail(rule.code, error)

    def fail(self, what: str, error: Exception) -> None:
        """Note a failure of our own, or what was not given. Raises MemoryError on: there may be none left to note it in."""
        if isinstance(error, MemoryError):
            raise error
        if isinstance(error, BodyUnknown):
            self.undecided.setdefault(METADATA_ALONE, []).append(what)
            return
        self.failures.append(f"{what}: {type(error).__name__}: {error}")

    def outcome(self) -> Outcome:
        """What became of the card."""
        subject, entry = self.subject, self.subject.entry
        self.findings.sort(key=lambda each: (each.span, each.code, each.message))
        return Outcome(
            entry.input,
            entry.id,
            subject.card.kind,
            entry.path,
            subject.sha256 if subject.has_card else None,
            tuple(self.findings),
            _joined(self.not_checked, self.undecided),
            "; ".join(self.failures) or None,
        )


def _joined(unmet: dict[str, list[str]], undecided: dict[str, list[str]]) -> dict[str, list[str]]:
    """Codes by reason: those whose needs were not met, and those that could not decide on this card."""
    if not undecided:
        return unmet
    return unmet | {reason: list(dict.fromkeys((*unmet.get(reason, ()), *codes))) for reason, codes in undecided.items()}
