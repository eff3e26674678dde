"""Reports with pieces cut out, doubled and put in: refused with a line, or read and written in every format, never a traceback."""

from __future__ import annotations

import io
import json
from functools import cache
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardlint.model import CardlintError
from cardlint.report.read import SavedReport
from cardlint.report.records import RunInfo, Tally
from cardlint.report.writer import FORMATS, writer

from .conftest import finding, outcome, worst, written

PIECES = (b"\x00", b'"', b"{}", b"[]", b"null", b"-1", b"1e999", b"\xff", b"\\ud800", b"\\u0000", b'"line":1', b"]]>", b"\n", b"[" * 500)


@cache
def seeds():
    one = outcome(finding(), finding("DOC002", "note", line=9), not_checked={"only the card was given": ["ART"]})
    return tuple(written(name, RunInfo("audit", ("card",), (), "sha256:0"), [one, worst()]).encode() for name in ("json", "jsonl"))


@st.composite
def made(draw):
    data = bytearray(draw(st.sampled_from(seeds())))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 20))] = draw(st.sampled_from(PIECES) | st.binary(max_size=6)) * draw(st.sampled_from((1, 1, 3)))
    return bytes(data)


@pytest.mark.parametrize("name", FORMATS)
def test_a_made_report_is_refused_or_written(name):
    refusals: list[str] = []

    @settings(max_examples=80, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(made())
    def holds(data):
        out = io.StringIO(newline="")
        one = writer(name, out)
        try:
            saved = SavedReport(io.BytesIO(data), "made", [])
            one.start(saved.info)
            for each in saved.outcomes():
                one.card(each, "# Gull\n")
            one.end(saved.tally)
        except CardlintError as error:
            refusals.append(str(error))
            return
        text = out.getvalue()
        if name in ("json", "sarif", "gitlab", "badge-json"):
            json.loads(text)
        elif name in ("junit", "badge"):
            ET.fromstring(text)

    holds()
    assert refusals
    assert all(each.startswith("made:") for each in refusals)


def test_what_is_written_is_read_back():
    """The made seeds themselves: every text is hostile, and each format is a fixed point of reading and writing."""
    for seed in seeds():
        saved = SavedReport(io.BytesIO(seed), "seed", [])
        outcomes = list(saved.outcomes())
        name = "json" if seed.startswith(b'{"version"') else "jsonl"
        out = io.StringIO(newline="")
        one = writer(name, out)
        one.start(saved.info)
        for each in outcomes:
            one.card(each, None)
        one.end(saved.tally)
        assert out.getvalue().encode() == seed
        assert isinstance(saved.tally, Tally)
