"""One card through the selected rules: findings, what could not be checked and why, and failures of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.budgets import BUDGETS
from cardlint.engine.assertion import Assertion, parts_read
from cardlint.engine.case import METADATA_ALONE, MOST_FINDINGS, Case
from cardlint.engine.dispatch import Dispatch, PythonCheck
from cardlint.engine.textual import TextSet
from cardlint.model import Kind, Outcome, Problem, Severity
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cardlint.engine.rule import Rule
    from cardlint.engine.select import Selected
    from cardlint.facts.subject import Subject

REASONS = {
    "card": "the repository has no card",
    "metadata": "the front matter could not be read",
    "body": METADATA_ALONE,
    "id": "the repository's id is not known",
    "files": "only the card was given",
    "hub": "no hub was given",
    "since": "no earlier revision was given",
}


_NOT_HERE = "the card is not in this copy"


class _Met(NamedTuple):
    """Which needs a subject meets."""

    card: bool
    metadata: bool
    id: bool
    files: bool
    hub: bool = False
    since: bool = False
    body: bool = True


class _Plan(NamedTuple):
    """The rules that run where the same needs are met, each with its severity."""

    assertions: list[tuple[Rule, Assertion]]
    dispatch: Dispatch
    parts: tuple[str, ...]
    not_checked: dict[str, list[str]]


class Engine:
    """Judges subjects by the same selected rules; plans are compiled once for each kind and set of met needs."""

    def __init__(self, selected: Sequence[Selected], options: dict[str, dict[str, Any]] | None = None, *, later: bool = False) -> None:
        """``later``: rules of hub scope are judged by `cardlint.engine.stored` when everything is known."""
        self.later = later
        self.selected = tuple(selected)
        self.severity: dict[str, Severity] = {each.rule.code: each.severity for each in selected}
        self._own_options = options or {}
        self._engine_rules = {each.rule.check["engine"]: each.rule for each in selected if "engine" in each.rule.check}
        self._plans: dict[tuple[Kind, _Met], _Plan] = {}

    def judge(self, subject: Subject) -> Outcome:
        """The outcome of one card. A check that raises becomes the outcome's failure; the other rules still run."""
        return self.judge_together([subject])[0]

    def judge_together(self, subjects: Sequence[Subject]) -> list[Outcome]:
        """The outcomes of some cards, in their order, each what `judge` says of it.

        All go through one reader, then the next, then one rule after the other: what a processor keeps near at hand of a
        reader or a rule then serves all, which takes a sixth off the time of a card where sixty are judged together.
        """
        cases = [Case(subject, self.severity) for subject in subjects]
        groups: dict[tuple[Kind, _Met], list[Case]] = {}
        for case in cases:
            groups.setdefault((case.subject.card.kind, _met(case.subject)), []).append(case)
        for (kind, met), group in groups.items():
            plan = self._plan(kind, met)
            for case in group:
                case.not_checked = plan.not_checked
            if met.card:
                self._apply(self._read(group, plan), plan)
            else:
                for case in group:
                    self._lacking(case)
        return [self._outcome(case) for case in cases]

    def _lacking(self, case: Case) -> None:
        """Judge a repository of which no card was read."""
        subject = case.subject
        if not _lacks_card(subject):
            here = REASONS["card"]
            case.not_checked = {_NOT_HERE if reason == here else reason: codes for reason, codes in case.not_checked.items()}
        elif "missing-card" in self._engine_rules:
            name = f"{subject.entry.path} is empty" if subject.blank else "README.md"
            if subject.is_pointer:
                name = f"{subject.entry.path} is a pointer to a large file"
            message = f"{subject.entry.id or 'this repository'} has no model card ({name})"
            from cardlint.sources.layout import likely_card

            near = None if subject.blank or subject.is_pointer else likely_card(file.path for file in subject.entry.files or ())
            advice = f"{near[:80]!r} is there, which no hub shows as the card: rename it README.md" if near else None
            case.take(self._engine_rules["missing-card"], [Problem("", message, help=advice)])

    def _outcome(self, case: Case) -> Outcome:
        """What became of the card."""
        if case.more and "findings" in self._engine_rules:
            said = f"more than {MOST_FINDINGS} findings of {', '.join(case.more)}; the rest is not told"
            case.take(self._engine_rules["findings"], [Problem("", said, value=" ".join(case.more))])
        return case.outcome()

    def _read(self, group: Sequence[Case], plan: _Plan) -> list[Case]:
        """Build the facts that assertions read; the cases where that went well."""
        for case in group:
            for name, problems in _engine_problems(case.subject):
                if name in self._engine_rules:
                    case.take(self._engine_rules[name], problems)
        lost: set[Case] = set()
        if "sections" in plan.parts:
            for case in group:
                case.look("answers", lost)
        for part in plan.parts:
            for case in group:
                case.build(part, lost)
        for case in group:
            if case.subject.hub is not None:
                case.build("hub", lost)
        return [case for case in group if case not in lost]

    def _apply(self, group: Sequence[Case], plan: _Plan) -> None:
        """Ask the rules, in the order of the plan."""
        for rule, assertion in plan.assertions:
            problems_of = assertion.problems
            for case in group:
                try:
                    problems = problems_of(case.subject.facts)
                except Exception as error:  # noqa: BLE001  # a rule's own fault must not lose the card
                    case.fail(rule.code, error)
                else:
                    if problems:
                        case.take(rule, problems)
        due = self._due(group, plan.dispatch)
        for check in plan.dispatch.checks:
            for case in due.get(check, ()):
                case.ask(check)

    def _due(self, group: Sequence[Case], dispatch: Dispatch) -> dict[PythonCheck | TextSet, list[Case]]:
        """The cards that each check is due on."""
        waiting = {case: dispatch.always.copy() for case in group}
        for look in dispatch.looks:
            for case in group:
                try:
                    if case in waiting:
                        waiting[case] += look(case.subject.card)
                except Exception as error:  # noqa: BLE001  # a reader's own fault must not lose the card
                    case.fail("dispatch", error)
                    del waiting[case]
        due: dict[PythonCheck | TextSet, list[Case]] = {}
        for case, found in waiting.items():
            for check in dict.fromkeys(found):
                due.setdefault(check, []).append(case)
        return due

    def _plan(self, kind: Kind, met: _Met) -> _Plan:
        key = (kind, met)
        if key not in self._plans:
            self._plans[key] = self._compile(kind, met)
        return self._plans[key]

    def _compile(self, kind: Kind, met: _Met) -> _Plan:
        assertions: list[tuple[Rule, Assertion]] = []
        texts: dict[str, list[Rule]] = {}
        python: list[PythonCheck] = []
        parts: set[str] = set()
        not_checked: dict[str, list[str]] = {}
        for rule, _ in self.selected:
            if kind not in rule.applies_to or "engine" in rule.check:
                continue
            wanted = needs(rule)
            unmet = next((need for need in REASONS if need in wanted and not getattr(met, need)), None)
            if rule.scope == "hub" and self.later and unmet in ("hub", None):
                continue
            if unmet is not None:
                not_checked.setdefault(REASONS[unmet], []).append(rule.code)
            elif "assert" in rule.check:
                assertions.append((rule, Assertion(rule)))
                parts |= parts_read(rule.check)
            elif "text" in rule.check:
                texts.setdefault(rule.check["text"]["part"], []).append(rule)
            else:
                python.append(PythonCheck(rule, {**rule.options, **self._own_options.get(rule.code, {})}))
        dispatch = Dispatch(kind, python, [TextSet(part, rules) for part, rules in texts.items()])
        return _Plan(assertions, dispatch, tuple(sorted(parts)), not_checked)


_METADATA_PARTS = {"metadata", "declared", "places"}
_WAITS_FOR_METADATA = {"python", "keys", "when", "problems", "wants"}


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
    elif not ("assert" in rule.check and parts_read(rule.check) <= _METADATA_PARTS) and not _of_metadata(rule):
        implied.add("body")
    return frozenset(implied)


def _of_metadata(rule: Rule) -> bool:
    """Whether Python behind a rule may decide on the metadata alone; where it then asks for the body, it decides nothing (`Head`)."""
    check = rule.check
    return (
        rule.scope == "card" and "keys" in check and _WAITS_FOR_METADATA.issuperset(check) and {"card"}.issuperset(check.get("wants", "?"))
    )


def metadata_read(subject: Subject) -> bool:
    """Whether all that the card declares was read; so it was, too, where there is nothing that looks like front matter."""
    if not subject.has_card:
        return False
    block = subject.card.front_matter
    return block.status in ("ok", "empty") or (block.status == "absent" and block.problems[0].kind in ("no-block", "empty-block"))


def _met(subject: Subject) -> _Met:
    return _Met(
        subject.has_card,
        metadata_read(subject),
        subject.entry.id is not None and is_known(subject.card.kind, subject.entry.id),
        subject.repo is not None,
        subject.hub is not None,
        subject.old is not None,
        not subject.entry.only_metadata,
    )


def is_known(kind: Kind, name: str) -> bool:
    """Whether a repository's name is its id on a hub: a model's without an owner is a folder's, but for those of the first years."""
    if "/" in name or kind != "model":
        return True
    from cardlint.hub.names import old_name

    return old_name(kind, name)


def _lacks_card(subject: Subject) -> bool:
    """Whether a repository is known to have no card: a copy may hold a part of its files, or a listing and not the content."""
    files = subject.entry.files
    if subject.blank or subject.is_pointer:
        return True
    return files is not None and not any(file.path == subject.entry.path and file.size is not None for file in files)


def _engine_problems(subject: Subject) -> Iterable[tuple[str, list[Problem]]]:
    """What the readers themselves could not or did not read to the end."""
    decoded = subject.card.decoded
    if decoded.cut:
        yield (
            "budget",
            [Problem("", f"the card has {subject.size:,} bytes; what follows byte {BUDGETS.card_bytes:,} was not read", value="bytes")],
        )
    spent = subject.card.outline.spent
    if spent:
        yield "budget", [Problem("", f"the card has too many {name}; the rest was not read", value=name) for name in spent]
