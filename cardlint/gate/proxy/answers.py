"""What clients are told: refusals in the shape of the hub's own errors, warnings in its header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from cardlint.gate.paths import CARD
from cardlint.report.plain import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.gate.change import Reason
    from cardlint.gate.decision import Decision
    from cardlint.model import Finding

_MOST_TOLD = 50
_LONGEST_HEADER = 900


class Teller:
    """Words a decision. ``rule_url`` is the address that a rule's code is added to; None tells the command that explains it."""

    def __init__(self, rule_url: str | None) -> None:
        self._rule_url = rule_url

    def refusal(self, decided: Decision) -> web.Response:
        """The answer 400 that all versions of the official client print line by line."""
        lines = [self.line(reason) for reason in decided.reasons[:_MOST_TOLD]]
        if len(decided.reasons) > _MOST_TOLD:
            lines.append(f"and {len(decided.reasons) - _MOST_TOLD} more")
        answer = web.Response(
            status=400, body=orjson.dumps(_errors(self.headline(decided.reasons), lines)), content_type="application/json"
        )
        answer.headers["X-Cardlint-Decision"] = decided.id
        return answer

    def headline(self, reasons: Sequence[Reason]) -> str:
        """How many reasons there are."""
        return f"cardlint: the upload is refused, {counted(len(reasons), 'error')}"

    def line(self, reason: Reason) -> str:
        """One reason: place, code, message, help, and where to read on."""
        where = f"{CARD}:{reason.line} " if reason.line else ""
        advice = f" ({reason.help})" if reason.help else ""
        return f"{where}{reason.code} {reason.message}{advice}{self._more(reason.code)}"

    def warning(self, finding: Finding) -> str:
        """One finding that refuses nothing."""
        return f"{CARD}:{finding.span.line} {finding.code} {finding.message}{self._more(finding.code)}"

    def warnings(self, decided: Decision) -> list[str]:
        """All that is told of a change that passes."""
        spared = [f"would be refused: {self.line(reason)}" for reason in decided.reasons]
        return [*spared, *(self.warning(each) for each in decided.warnings)][:_MOST_TOLD]

    def header(self, decided: Decision) -> str | None:
        """The value of ``X-HF-Warning``, which newer clients print: one line of Latin text."""
        told = self.warnings(decided)
        if not told:
            return None
        count = f"{counted(len(told), 'warning')}: "
        text = " | ".join(told).encode("ascii", "backslashreplace").decode().replace(";", ",")
        text = "".join(character if character.isprintable() else " " for character in text)
        text = text if len(text) <= _LONGEST_HEADER else text[: _LONGEST_HEADER - 3] + "..."
        return f"cardlint {decided.id}; cardlint: {count}{text}"

    def _more(self, code: str) -> str:
        if not code[:1].isupper():
            return ""
        return f" {self._rule_url}{code}" if self._rule_url else f" [cardlint rule {code}]"


def error(status: int, message: str, retry_after: int | None = None) -> web.Response:
    """An error of the gate itself, in the hub's shape."""
    answer = web.Response(status=status, body=orjson.dumps(_errors(f"cardlint: {message}", [message])), content_type="application/json")
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def _errors(headline: str, lines: Sequence[str]) -> dict[str, Any]:
    return {"error": headline, "errors": [{"message": line} for line in lines]}
