"""A rule as data: what its file says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.data import advice
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cardlint.model import Confidence

PROFILES = ("author", "gate", "audit")
FAMILIES = {
    "FM": "front matter",
    "MET": "metadata values",
    "LIC": "licence",
    "DAT": "data provenance",
    "USE": "intended use",
    "LIM": "limits, bias and risk",
    "EVA": "evaluation",
    "TRN": "training",
    "ENV": "footprint and hardware",
    "DOC": "document",
    "ART": "artifacts",
    "LIN": "lineage",
    "GOV": "authors, contact, access",
    "SEC": "secrets and unsafe files",
}


class Rule(NamedTuple):
    """One demand on a card. ``severity`` has one word a profile (``off`` is one of them); ``check`` is as in the file."""

    code: str
    name: str
    summary: str
    status: str
    severity: dict[str, str]
    confidence: Confidence
    scope: str
    check: dict[str, Any]
    options: dict[str, Any]
    applies_to: tuple[str, ...] = ("model", "dataset", "space")
    needs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    """Codes of rules that say the same with more knowledge: see `cardlint.engine.yielding`."""
    autofix: str = "none"
    since: str = "0.1.0"
    help: str = ""
    help_for: Mapping[str, str] | str = ""
    """What more is said to cards of a group (`cardlint.vocab.groups`), by its id; of a shipped rule, its code in `data.advice`."""
    help_yields: bool = False
    """Whether ``help`` is left out where a problem says all there is to do."""
    folder: str = ""
    """Where the rule was read from, for rules that do not ship."""

    def more_for(self, groups: Iterable[str]) -> str:
        """What more is said to a card of these groups, the first to be asked first; nothing where the rule knows none of them."""
        told = advice()[self.help_for] if isinstance(self.help_for, str) else self.help_for
        return next((told[group] for group in groups if group in told), "")

    @property
    def family(self) -> str:
        """The letters of the code."""
        return self.code.rstrip("0123456789")


def rule_from_data(data: dict[str, Any], folder: str = "") -> Rule:
    """A rule from a valid rule file or an entry of the catalogue."""
    severity = data["severity"]
    return Rule(
        code=data["code"],
        name=data["name"],
        summary=data["summary"],
        status=data["status"],
        severity=dict.fromkeys(PROFILES, severity) if isinstance(severity, str) else severity,
        confidence=data["confidence"],
        scope=data["scope"],
        check=data["check"],
        applies_to=tuple(data.get("applies-to", ("model", "dataset", "space"))),
        needs=tuple(data.get("needs", ())),
        tags=tuple(data.get("tags", ())),
        yields_to=tuple(data.get("yields-to", ())),
        options=data.get("options", {}),
        autofix=data.get("autofix", "none"),
        since=data["since"],
        help=data.get("help", "").strip(),
        help_for=data.get("help-for", ""),
        help_yields=data.get("help-yields", False),
        folder=folder,
    )
