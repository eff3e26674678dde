"""A badge of a run: a picture (SVG) that asks nobody, or the data of a badge service's endpoint (shields.io, version 1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

from cardlint.model import SEVERITIES
from cardlint.report.plain import counted
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.model import Outcome
    from cardlint.report.records import RunInfo, Tally

LABEL = "model card"
_GREY = "#555555"
_COLORS = {"error": "#b3261e", "warning": "#8a5a00", "note": "#1f6feb", "clean": "#1e7b34", "failed": "#6e40c9"}
"""Each has a contrast of at least 4.5 to 1 with white."""
_NAMED = {"error": "red", "warning": "orange", "note": "blue", "clean": "brightgreen", "failed": "blueviolet"}
_NARROW = frozenset("fijlrt .,:;'!|()")


class _Said(NamedTuple):
    message: str
    state: str


class BadgeWriter:
    """The picture; it is made of the counts alone."""

    shows_text = False

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def start(self, info: RunInfo) -> None:
        """Nothing is known yet."""

    def card(self, outcome: Outcome, text: str | None) -> None:
        """The tally counts."""

    def end(self, tally: Tally) -> None:
        """Write the picture."""
        self.out.write(_svg(_said(tally)))


class BadgeJsonWriter(BadgeWriter):
    """The endpoint's data in place of the picture."""

    def end(self, tally: Tally) -> None:
        """Write the data."""
        message, state = _said(tally)
        said = {"schemaVersion": 1, "label": LABEL, "message": message, "color": _NAMED[state], "isError": state in ("error", "failed")}
        self.out.write(json.dumps(said) + "\n")


def _said(tally: Tally) -> _Said:
    """The worst that was found: in one card by number, in many by the cards."""
    if tally.failed:
        return _Said("not judged" if tally.cards == 1 else f"{tally.failed:,} of {tally.cards:,} not judged", "failed")
    for severity in SEVERITIES:
        count = tally.findings[severity]
        if count:
            many = f" in {tally.cards:,} cards" if tally.cards > 1 else ""
            return _Said(f"{counted(count, severity)}{many}", severity)
    return _Said("passing" if tally.cards == 1 else f"{tally.cards:,} passing", "clean")


def _svg(said: _Said) -> str:
    left, right = _width(LABEL), _width(said.message)
    title = f"{LABEL}: {said.message}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{title}"><title>{title}</title>'
        f'<clipPath id="r"><rect width="{left + right}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="{_GREY}"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{_COLORS[said.state]}"/></g>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{left / 2}" y="14" textLength="{left - 10}">{LABEL}</text>'
        f'<text x="{left + right / 2}" y="14" textLength="{right - 10}">{said.message}</text></g></svg>\n'
    )


def _width(text: str) -> int:
    """Pixels of a text at 11 px Verdana, about, and 5 on each side."""
    return 10 + round(sum(4 if char in _NARROW else 7 for char in text))
