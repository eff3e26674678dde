"""A saved report, JSON or JSON Lines of version 1, read back into what writers take: a run, outcomes, counts.

Reports that cardlint wrote are read a card at a time; a JSON report of another layout is read at once.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from cardlint.config.suppressions import HONOURING
from cardlint.engine.rule import Rule
from cardlint.engine.select import Selected
from cardlint.model import CardlintError, ControlResult, Evidence, Finding, Outcome, PlacedEdit, PlacedFix, PlacedRelated, Span, Suppressed
from cardlint.report.model import Report, ReportCard, ReportControl, ReportFinding, ReportRun, ReportSpan, ReportSummary
from cardlint.report.records import RunInfo, Tally
from cardlint.standards.standard import Head

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST_LINE = 64_000_000
"""Bytes of one line, which holds one card; all findings of a card that has the most take about 10 MB."""
LARGEST_WHOLE = 512_000_000
"""Bytes of a report that has to be read at once."""
_CARDS = b'"cards": ['

Model = TypeVar("Model", bound=BaseModel)


class SavedReport:
    """A report being read: ``info`` is there at once, ``tally`` counts what `outcomes` has yielded and is complete behind it."""

    def __init__(self, stream: IO[bytes], name: str, rules: Sequence[Rule]) -> None:
        """Read the head. ``rules`` are the known ones; others are known by their code alone. Raises CardlintError."""
        self.name = name
        self.tally = Tally()
        self._lines = _Lines(stream, name)
        first = self._lines.next()
        if first is None:
            raise CardlintError(f"{name}: empty: a report in JSON or JSON Lines is wanted")
        head = first.rstrip()
        self._cards: Iterator[tuple[int, Any]]
        if head.startswith(b"{") and head.endswith(_CARDS):
            run = self._lines.parse(head + b"]}")
            run.pop("cards")
            self._cards = self._of_json_lines_of_cards()
        else:
            run = self._start_of_other(first)
        self._run = _checked(ReportRun, run, name, 1)
        self.info = _info(self._run, rules)
        self._codes: dict[str, list[str]] = {}
        for rule in self._run.rules:
            self._codes.setdefault(rule.code.rstrip("0123456789"), []).append(rule.code)

    def outcomes(self) -> Iterator[Outcome]:
        """The outcomes in their order. Raises CardlintError where the report is cut or is none."""
        for number, record in self._cards:
            outcome = self._outcome(_checked(ReportCard, record, self.name, number))
            self.tally.add(outcome)
            yield outcome
        self._close(_checked(ReportSummary, self._summary, self.name, self._lines.number))

    def _start_of_other(self, first: bytes) -> dict[str, Any]:
        """The head of JSON Lines, or of a JSON report in a layout that is not ours."""
        try:
            record = orjson.loads(first)
        except orjson.JSONDecodeError:
            record = None
        if isinstance(record, dict) and record.pop("type", None) == "run":
            self._cards = self._of_typed_lines()
            return record
        whole = self._lines.parse(first + self._lines.rest())
        report = _checked(Report, whole, self.name, 1)
        self._cards = ((1, card) for card in whole.pop("cards"))
        self._summary: Any = report.summary.model_dump()
        whole.pop("summary")
        return whole

    def _of_json_lines_of_cards(self) -> Iterator[tuple[int, Any]]:
        """The cards of a JSON report as cardlint writes it: one a line."""
        while (line := self._lines.next()) is not None:
            text = line.strip()
            if text.startswith(b"]"):
                self._summary = self._lines.parse(b'{"cards": [' + text).get("summary")
                self._lines.end()
                return
            if text:
                yield self._lines.number, self._lines.parse(text.removesuffix(b","))
        raise CardlintError(f"{self.name}: the report is cut: it has no summary")

    def _of_typed_lines(self) -> Iterator[tuple[int, Any]]:
        while (line := self._lines.next()) is not None:
            record = self._lines.parse(line)
            kind = record.pop("type", None)
            if kind == "summary":
                self._summary = record.get("summary")
                self._lines.end()
                return
            if kind != "card":
                raise CardlintError(f"{self.name}:{self._lines.number}: a line of type card or summary is wanted, not {kind!r}")
            yield self._lines.number, record
        raise CardlintError(f"{self.name}: the report is cut: it has no summary")

    def _outcome(self, card: ReportCard) -> Outcome:
        findings = [_finding(each) for each in card.findings]
        return Outcome(
            card.input,
            card.repo,
            card.kind,
            card.path,
            card.sha256,
            tuple(each for each in findings if each.suppressed is None),
            {reason: self._expanded(names) for reason, names in card.not_checked.items()},
            card.failure,
            tuple(each for each in findings if each.suppressed is not None),
            controls=tuple(_control(each.standard, control) for each in card.standards for control in each.controls),
        )

    def _expanded(self, names: Iterable[str]) -> list[str]:
        """Codes in place of families."""
        return [code for name in names for code in self._codes.get(name, (name,))]

    def _close(self, summary: ReportSummary) -> None:
        """Compare the summary with what was read, and take from it what only it tells: how much was silent."""
        tally = self.tally
        if (summary.cards, summary.failed, summary.findings.model_dump()) != (
            tally.cards,
            tally.failed,
            {severity: tally.findings[severity] for severity in ("error", "warning", "note")},
        ):
            raise CardlintError(f"{self.name}: the summary does not agree with the cards: the report was changed or cut")
        tally.suppressed.clear()
        tally.suppressed.update(summary.suppressed.model_dump())
        if self._run.profile not in HONOURING:
            tally.unhonoured = tally.suppressed.pop("inline", 0)


class _Lines:
    """The lines of a file, counted and bounded."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self.stream = stream
        self.name = name
        self.number = 0

    def next(self) -> bytes | None:
        """The next line, None at the end. Raises CardlintError where it is too long."""
        line = self.stream.readline(LONGEST_LINE + 1)
        if not line:
            return None
        self.number += 1
        return line

    def rest(self) -> bytes:
        """All that is left. Raises CardlintError where that is too much."""
        rest = self.stream.read(LARGEST_WHOLE + 1)
        if len(rest) > LARGEST_WHOLE:
            raise CardlintError(f"{self.name}: larger than {LARGEST_WHOLE // 1_000_000} MB and not one card a line")
        return rest

    def end(self) -> None:
        """Nothing may stand behind the summary."""
        while (line := self.next()) is not None:
            if line.strip():
                raise CardlintError(f"{self.name}:{self.number}: more stands behind the summary")

    def parse(self, text: bytes) -> dict[str, Any]:
        """A JSON object. Raises CardlintError."""
        if len(text) > LONGEST_LINE and self.number > 1:
            raise CardlintError(f"{self.name}:{self.number}: longer than {LONGEST_LINE // 1_000_000} MB")
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise CardlintError(f"{self.name}:{self.number}: not JSON: {error}") from None
        if not isinstance(value, dict):
            raise CardlintError(f"{self.name}:{self.number}: an object is wanted")
        return value


def _checked(model: type[Model], record: Any, name: str, line: int) -> Model:
    """A record as the contract has it. Raises CardlintError with its first fault."""
    try:
        return model.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(str(step) for step in first["loc"])
        message = f"{name}:{line}: {where}: {first['msg']}" if where else f"{name}:{line}: {first['msg']}"
        raise CardlintError(f"{message}; a report of cardlint, version 1, is wanted") from None


def _info(run: ReportRun, rules: Sequence[Rule]) -> RunInfo:
    known = {rule.code: rule for rule in rules}
    selected = []
    for each in run.rules:
        rule = known.get(each.code)
        if rule is None:
            rule = Rule(each.code, each.code.lower(), each.code, "stable", {}, each.confidence, "card", {}, {})
        selected.append(Selected(rule if rule.confidence == each.confidence else rule._replace(confidence=each.confidence), each.severity))
    standards = tuple(Head(**each.model_dump()) for each in run.standards)
    return RunInfo(run.profile, tuple(run.scopes), tuple(selected), run.tool.engine, run.tool.version, standards)


def _control(standard: str, control: ReportControl) -> ControlResult:
    places = tuple(Evidence(each.path, each.lines, each.at) for each in control.evidence)
    return ControlResult(standard, control.id, control.clause, control.state, control.reason, places)


def _finding(finding: ReportFinding) -> Finding:
    fix, silent = finding.fix, finding.suppressed
    return Finding(
        finding.code,
        finding.name,
        finding.severity,
        finding.confidence,
        finding.message,
        finding.help,
        _span(finding.span),
        finding.at,
        finding.fingerprint,
        None if fix is None else PlacedFix(fix.safety, tuple(PlacedEdit(_span(each.span), each.text) for each in fix.edits), not fix.edits),
        tuple(PlacedRelated(each.path, _span(each.span), each.message) for each in finding.related),
        None if silent is None else Suppressed(silent.by, silent.reason, silent.until),
    )


def _span(span: ReportSpan) -> Span:
    return Span(span.line, span.column, span.end_line, span.end_column)
