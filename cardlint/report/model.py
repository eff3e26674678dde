"""The report's contract, version 1, for those who read reports; ``schemas/report-v1.schema.json`` is generated from it.

Writers do not go through these models: a model a finding would cost more than the whole check.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from cardlint.model import Confidence, ControlState, Severity  # noqa: TC001  # pydantic reads them


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReportSpan(_Strict):
    """1-based lines, 1-based columns in code points, end exclusive."""

    line: int = Field(ge=1)
    column: int = Field(ge=1)
    end_line: int = Field(ge=1)
    end_column: int = Field(ge=1)


class ReportEdit(_Strict):
    """Replace a span by a text."""

    span: ReportSpan
    text: str


class ReportFix(_Strict):
    """Edits that mend a finding; none where only the byte order mark is taken away."""

    safety: Literal["safe", "unsafe", "display"]
    edits: list[ReportEdit]


class ReportRelated(_Strict):
    """A second place that a finding speaks of."""

    path: str
    span: ReportSpan
    message: str


class ReportSuppressed(_Strict):
    """Who silenced a finding, why and until when."""

    by: Literal["inline", "waiver", "baseline"]
    reason: str
    until: str | None = None


class ReportFinding(_Strict):
    """One finding."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    help: str | None
    span: ReportSpan
    at: str = Field(description="A JSON pointer into the facts, section:NAME, or body.")
    fingerprint: str = Field(description="Stable when lines move.")
    fix: ReportFix | None
    related: list[ReportRelated]
    suppressed: ReportSuppressed | None


class ReportEvidence(_Strict):
    """Where a control's demand is answered."""

    path: str = Field(description="A file of the repository.")
    lines: tuple[int, int] | None = Field(description="First and last line, null where a file as a whole is meant.")
    at: str = Field(description="A JSON pointer into the facts, file, or what a pattern is called.")


class ReportControl(_Strict):
    """What became of one control."""

    id: str
    clause: str = Field(description="Where it stands in the source.")
    state: ControlState
    reason: str = Field(description="Why it is not simply met; empty where it is.")
    evidence: list[ReportEvidence]


class ReportAssessment(_Strict):
    """One standard on one card."""

    standard: str
    counts: dict[ControlState, int]
    controls: list[ReportControl]


class ReportStandard(_Strict):
    """A standard that was asked for."""

    id: str
    title: str
    version: str
    source: str
    claim: Literal["meets", "maps-to"] = Field(description="maps-to: a card bears on the clauses and cannot meet them.")
    sha256: str = Field(description="Of all that decides, the standards that it extends included.")


class ReportCard(_Strict):
    """One card's outcome. Passed = selected minus findings minus not checked."""

    input: str
    repo: str | None
    kind: Literal["model", "dataset", "space"]
    path: str
    sha256: str | None
    failure: str | None = Field(description="Why cardlint could not judge this card to the end, else null.")
    findings: list[ReportFinding]
    not_checked: dict[str, list[str]] = Field(
        description="What could not be checked, by reason: codes, or a family for all its selected codes."
    )
    standards: list[ReportAssessment] = Field(default=[], description="There where standards were asked for.")


class ReportRule(_Strict):
    """A rule that ran."""

    code: str
    severity: Severity
    confidence: Confidence


class ReportTool(_Strict):
    """What made the report."""

    name: Literal["cardlint"]
    version: str
    engine: str


class FindingCounts(_Strict):
    """Findings by severity."""

    error: int
    warning: int
    note: int


class SuppressedCounts(_Strict):
    """Silenced findings by what silenced them."""

    inline: int
    waiver: int
    baseline: int


class ReportSummary(_Strict):
    """The counts of a run."""

    cards: int
    failed: int
    findings: FindingCounts
    suppressed: SuppressedCounts


class ReportRun(_Strict):
    """What a run is made of; the first line of JSON Lines."""

    version: Literal[1]
    tool: ReportTool
    profile: Literal["author", "gate", "audit"]
    scopes: list[Literal["card", "repo", "hub"]]
    rules: list[ReportRule]
    standards: list[ReportStandard] = Field(default=[], description="There where standards were asked for.")


class Report(ReportRun):
    """A whole report; in JSON Lines the same objects come one a line with ``type``."""

    cards: list[ReportCard]
    summary: ReportSummary
