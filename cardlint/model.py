"""The frozen values that every layer shares: positions, problems, findings, outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity = Literal["error", "warning", "note"]
Confidence = Literal["high", "medium", "low"]
Kind = Literal["model", "dataset", "space"]
Safety = Literal["safe", "unsafe", "display"]
Silencer = Literal["inline", "waiver", "baseline"]
ControlState = Literal["met", "not-met", "not-checked", "manual", "not-applicable"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
CONFIDENCES: tuple[Confidence, ...] = ("high", "medium", "low")
KINDS: tuple[Kind, ...] = ("model", "dataset", "space")
SILENCERS: tuple[Silencer, ...] = ("inline", "waiver", "baseline")
CONTROL_STATES: tuple[ControlState, ...] = ("met", "not-met", "not-checked", "manual", "not-applicable")


class Span(NamedTuple):
    """A place in a text: 1-based lines, 1-based columns in code points, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Range(NamedTuple):
    """A place in a text as code point offsets, end exclusive."""

    start: int
    end: int


class Placed(Protocol):
    """Anything that knows its own place in the card: a heading, a block, a link, a `Range`."""

    @property
    def start(self) -> int:
        """Offset of its first code point."""

    @property
    def end(self) -> int:
        """Offset behind its last code point."""


Place = str | Placed
"""A JSON pointer into the facts, ``section:NAME``, or a placed element of the card."""


class Edit(NamedTuple):
    """Replace the text of a range by another text."""

    at: Placed
    text: str


class Fix(NamedTuple):
    """Edits that mend a finding; ``unsafe`` ones may change what the card means, ``display`` ones are only shown.

    ``strips_bom``: the byte order mark goes, which stands before the text and so in no edit's range.
    """

    edits: tuple[Edit, ...]
    safety: Safety = "safe"
    strips_bom: bool = False


class Related(NamedTuple):
    """A second place that a finding speaks of."""

    at: Place
    message: str


class Problem(NamedTuple):
    """What a check yields: where and what; the engine adds code, severity and span.

    ``about`` names what it speaks of where the place does not tell (a licence whose terms are lost): see `cardlint.engine.yielding`.
    """

    at: Place
    message: str
    help: str | None = None
    value: str | None = None
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    about: str = ""


class NotChecked(NamedTuple):
    """What a check yields instead of problems where it cannot decide, with the reason in words: a file is not in this copy."""

    reason: str


class PlacedEdit(NamedTuple):
    """An edit whose place is a span; what reports carry."""

    span: Span
    text: str


class PlacedFix(NamedTuple):
    """A fix whose edits are spans."""

    safety: Safety
    edits: tuple[PlacedEdit, ...]
    strips_bom: bool = False


class PlacedRelated(NamedTuple):
    """A related place with its path and span."""

    path: str
    span: Span
    message: str


class Suppressed(NamedTuple):
    """Why a finding is silent: ``by`` is one of `SILENCERS`; ``until`` the last day of a waiver (ISO 8601)."""

    by: Silencer
    reason: str
    until: str | None = None


class Finding(NamedTuple):
    """One fault in one card: which rule, where, why it matters and what to do. ``about`` is the problem's, and in no report."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    help: str | None
    span: Span
    at: str
    fingerprint: str
    fix: PlacedFix | None = None
    related: tuple[PlacedRelated, ...] = ()
    suppressed: Suppressed | None = None
    about: str = ""


class Evidence(NamedTuple):
    """Where a control's demand is answered: a file of the repository, its lines where they are known, and a pointer or pattern's name."""

    path: str
    lines: tuple[int, int] | None
    at: str


class ControlResult(NamedTuple):
    """What became of one control of a standard on one card; ``reason`` says why it is not simply met."""

    standard: str
    control: str
    clause: str
    state: ControlState
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()


OUT_OF_MEMORY = "ran out of memory"
"""The failure of a card in whose reading memory ran out."""


class Outcome(NamedTuple):
    """What became of one card: findings, and for each reason the codes that could not be checked.

    ``suppressed`` holds the silent findings, which count for nothing; ``unhonoured`` counts those of ``findings`` that an
    inline comment asks to silence where the profile listens to none. ``controls`` are those of the standards that were asked for.
    """

    input: str
    repo: str | None
    kind: Kind
    path: str
    sha256: str | None
    findings: tuple[Finding, ...] = ()
    not_checked: Mapping[str, list[str]] = {}
    failure: str | None = None
    suppressed: tuple[Finding, ...] = ()
    unhonoured: int = 0
    controls: tuple[ControlResult, ...] = ()


class CardlintError(Exception):
    """Wrong usage, configuration, rule file or path: exit 2 with this message, before any work."""
