"""SARIF 2.1.0 as code scanning reads it: every rule that ran, the most severe findings, lines that are known again.

The limits are those of GitHub's upload ("SARIF support for code scanning"); what is left out for them is told in a notification.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, TextIO

from cardlint.model import SEVERITIES
from cardlint.report.plain import as_uri, card_path, checkout_path, plain
from cardlint.report.records import summary_record, told
from cardlint.report.sarif_rules import rule_records
from cardlint.report.writer import encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cardlint.model import Finding, Outcome, Severity, Span
    from cardlint.report.records import RunInfo, Tally

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
"""Results of a run; an upload with more is rejected."""
MOST_BYTES = 9_500_000
"""Bytes of all results, compressed; an upload above 10 MB is rejected."""
MOST_FAILURES = 1_000
"""Cards on which cardlint failed that are told one by one."""
MOST_REASONS = 100
"""Reasons for which rules were not checked that are told, most frequent first."""


class SarifWriter:
    """Keeps the most severe results, at most `MOST_RESULTS`, and writes the log at the end."""

    shows_text = True

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self._kept: dict[str, list[str]] = {severity: [] for severity in SEVERITIES}
        self._seen = 0
        self._failures: list[dict[str, Any]] = []
        self._reasons: dict[str, int] = {}

    def start(self, info: RunInfo) -> None:
        """Remember the rules."""
        self._info = info
        self._index = {each.rule.code: number for number, each in enumerate(info.selected)}

    def card(self, outcome: Outcome, text: str | None) -> None:
        """Keep one card's results."""
        findings = told(outcome)
        hashes: Sequence[str] | None = None
        for finding in findings:
            if self._has_room(finding.severity):
                if hashes is None:
                    hashes = _hashes(outcome, text)
                self._keep(finding.severity, encode(_result(outcome, finding, self._index, hashes)))
            self._seen += 1
        if outcome.failure and len(self._failures) < MOST_FAILURES:
            self._failures.append(_failure(outcome))
        for reason in outcome.not_checked:
            if reason in self._reasons or len(self._reasons) < 10 * MOST_REASONS:
                self._reasons[reason] = self._reasons.get(reason, 0) + 1

    def end(self, tally: Tally) -> None:
        """Write the log."""
        info = self._info
        driver = {
            "name": "cardlint",
            "semanticVersion": info.version,
            "rules": list(rule_records(info)),
            "properties": {"engine": info.engine, "profile": info.profile},
        }
        head = encode({"$schema": SCHEMA, "version": "2.1.0"})[:-1]
        tool = encode({"tool": {"driver": driver}, "columnKind": "unicodeCodePoints"})[:-1]
        self.out.write(f'{head},"runs":[{tool},"results":[')
        written = 0
        for written, text in enumerate(_within(MOST_BYTES, self._chosen()), 1):
            self.out.write(("\n" if written == 1 else ",\n") + text)
        left_out = self._seen - written
        self.out.write('\n],"invocations":' + _array([_invocation(tally, self._failures, left_out)]))
        reasons = sorted(self._reasons.items(), key=lambda item: (-item[1], item[0]))[:MOST_REASONS]
        properties = {"summary": summary_record(tally), "cardsNotChecked": {plain(reason): count for reason, count in reasons}}
        self.out.write(',"properties":' + encode(properties) + "}]}\n")

    def _has_room(self, severity: Severity) -> bool:
        """Whether a result of a severity is kept: less severe ones make room for it."""
        as_severe = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return sum(len(self._kept[each]) for each in as_severe) < MOST_RESULTS

    def _keep(self, severity: str, text: str) -> None:
        self._kept[severity].append(text)
        if sum(map(len, self._kept.values())) > MOST_RESULTS:
            next(self._kept[each] for each in reversed(SEVERITIES) if self._kept[each]).pop()

    def _chosen(self) -> list[str]:
        """The results that are kept: the most severe first, each in the order of the run."""
        return [text for severity in SEVERITIES for text in self._kept[severity]]


def _array(records: Iterable[dict[str, Any]]) -> str:
    """Records as a JSON array."""
    return "[" + ",".join(map(encode, records)) + "]"


def _within(most: int, texts: Sequence[str]) -> Iterable[str]:
    """The texts until they take more than ``most`` bytes together, compressed as an upload is."""
    packer = zlib.compressobj(6)
    size = 0
    for text in texts:
        size += len(packer.compress(text.encode()))
        if size > most:
            return
        yield text


def _result(outcome: Outcome, finding: Finding, index: dict[str, int], hashes: Sequence[str]) -> dict[str, Any]:
    uri = as_uri(card_path(outcome))
    line = finding.span.line
    fingerprints = {"cardlint/v1": finding.fingerprint}
    if line <= len(hashes):
        fingerprints["primaryLocationLineHash"] = hashes[line - 1]
    record: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index.get(finding.code, -1),
        "level": finding.severity,
        "message": {"text": message(finding)},
        "locations": [_location(uri, finding.span)],
        "partialFingerprints": fingerprints,
    }
    if finding.related:
        record["relatedLocations"] = [
            {"id": number, **_location(uri if each.path == outcome.path else _beside(outcome, each.path), each.span), **_said(each.message)}
            for number, each in enumerate(finding.related, 1)
        ]
    if finding.fix is not None and finding.fix.edits:
        replacements = [
            {"deletedRegion": _region(edit.span), "insertedContent": {"text": _plain_lines(edit.text)}} for edit in finding.fix.edits
        ]
        change = {"artifactLocation": {"uri": uri}, "replacements": replacements}
        record["fixes"] = [{"description": {"text": f"{finding.fix.safety} fix"}, "artifactChanges": [change]}]
    if finding.suppressed is not None:
        by, reason, _ = finding.suppressed
        kind = "inSource" if by == "inline" else "external"
        record["suppressions"] = [{"kind": kind, "justification": plain(reason) or by}]
        if by == "baseline":
            record["baselineState"] = "unchanged"
    record["properties"] = {"name": finding.name, "confidence": finding.confidence, "at": plain(finding.at)}
    return record


def message(finding: Finding) -> str:
    """What is wrong, then what to do, as a plain text message: no placeholder or link of the format's own (3.11.5, 3.11.6)."""
    text = plain(finding.message) + (f". {plain(finding.help)}" if finding.help else "")
    if re.search(r"\{\d+\}", text):
        text = text.replace("{", "{{").replace("}", "}}")
    if "](" in text:
        text = text.replace("[", "\\[").replace("]", "\\]")
    return text


def _plain_lines(text: str) -> str:
    """An edit's text: its lines stay lines."""
    return "\n".join(map(plain, text.split("\n")))


def _location(uri: str, span: Span) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": _region(span)}}


def _region(span: Span) -> dict[str, int]:
    return {"startLine": span.line, "startColumn": span.column, "endLine": span.end_line, "endColumn": span.end_column}


def _said(text: str) -> dict[str, Any]:
    return {"message": {"text": plain(text)}}


def _beside(outcome: Outcome, path: str) -> str:
    """The URI of another file of a card's repository."""
    return as_uri(checkout_path(outcome.input.removesuffix(outcome.path) + path))


def _hashes(outcome: Outcome, text: str | None) -> Sequence[str]:
    """The line hashes of a card whose text is at hand exactly as the file has it; none else, and the upload computes them."""
    from hashlib import sha256

    from cardlint.report.linehash import line_hashes

    for whole in () if text is None else (text, "\ufeff" + text):
        if sha256(whole.encode("utf-8", "replace")).hexdigest() == outcome.sha256:
            return line_hashes(whole)
    return ()


def _failure(outcome: Outcome) -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": {"uri": as_uri(card_path(outcome))}}}
    return {
        "level": "error",
        "message": {"text": f"cardlint failed on this card: {plain(outcome.failure or '')}"},
        "locations": [place],
        "descriptor": {"id": "cardlint-failed"},
    }


def _invocation(tally: Tally, failures: list[dict[str, Any]], left_out: int) -> dict[str, Any]:
    notifications = list(failures)
    if tally.failed > len(failures):
        notifications.append({"level": "error", **_said(f"cardlint failed on {tally.failed - len(failures)} more cards")})
    if left_out:
        text = f"{left_out} less severe findings are left out: an upload holds {MOST_RESULTS} results and 10 MB"
        notifications.append({"level": "warning", **_said(text), "descriptor": {"id": "results-left-out"}})
    return {"executionSuccessful": tally.failed == 0, "toolExecutionNotifications": notifications}
