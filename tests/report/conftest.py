"""Outcomes made by hand, the worst that a card can say, and writers fed with them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Choice, choose
from cardlint.model import Finding, Outcome, PlacedEdit, PlacedFix, PlacedRelated, Span, Suppressed
from cardlint.report.records import RunInfo, Tally
from cardlint.report.writer import writer

DATA = Path(__file__).parents[1] / "data" / "reports"
HOSTILE = (
    "]]> <x a='\"'/> &amp; \x00\x08\x1b[31m\x85\u202e\u2028\ufffe\ud800\udcff\ufeff =cmd|' /C calc'!A0 {0} [a](javascript:1)\r\n::error::x"
)
"""What breaks XML, JSON, terminals, spreadsheets and messages with links or placeholders."""


@pytest.fixture(scope="session")
def data():
    """A JSON document of ``tests/data/reports``."""
    return lambda name: json.loads((DATA / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def info():
    """A run of all rules of the audit profile."""
    return RunInfo("audit", ("card", "repo"), tuple(choose(Choice(profile="audit", preview=True), shipped())), "sha256:0")


def finding(code="LIC101", severity="error", message="unknown license 'apache2'", line=2, **more):
    """A finding; by itself that of an unknown licence in line 2."""
    name = {"LIC101": "unknown-license", "DOC002": "placeholder", "SEC001": "secret"}.get(code, "some-rule")
    fields = {
        "confidence": "high",
        "help": "did you mean 'apache-2.0'?",
        "at": "/metadata/license",
        "fingerprint": f"{code}-{line}",
        **more,
    }
    confidence, advice, at, fingerprint = (fields.pop(key) for key in ("confidence", "help", "at", "fingerprint"))
    return Finding(code, name, severity, confidence, message, advice, Span(line, 10, line, 17), at, fingerprint, **fields)


def outcome(*findings, name="models/gull/README.md", silent=(), **more):
    """The outcome of a card."""
    fields = {"repo": "acme/gull", "kind": "model", "path": "README.md", "sha256": "0" * 64, **more}
    return Outcome(name, findings=tuple(findings), suppressed=tuple(silent), **fields)


def worst():
    """A card whose every text is hostile."""
    fix = PlacedFix("safe", (PlacedEdit(Span(1, 1, 1, 1), HOSTILE),))
    related = (PlacedRelated("README.md", Span(3, 1, 3, 2), HOSTILE),)
    silent = finding("DOC002", "note", HOSTILE, suppressed=Suppressed("waiver", HOSTILE, "2027-01-01"))
    return outcome(
        finding(message=HOSTILE, help=HOSTILE, at=HOSTILE, fix=fix, related=related),
        silent=[silent],
        name=f"models/{HOSTILE}/README.md",
        repo=HOSTILE,
        not_checked={HOSTILE: ["LIN001"]},
        failure=HOSTILE,
    )


def written(format_name, info, outcomes, texts=()):
    """What a writer writes of outcomes; ``texts`` are the cards'."""
    out = io.StringIO(newline="")
    one, tally = writer(format_name, out), Tally()
    one.start(info)
    texts = iter(texts)
    for each in outcomes:
        tally.add(each)
        one.card(each, next(texts, None))
    one.end(tally)
    return out.getvalue()
