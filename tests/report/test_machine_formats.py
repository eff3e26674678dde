"""GitLab, JUnit, CSV and badges: valid, complete, bounded; the same bytes for the same run; nothing a card says gets out of its place."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from cardlint.model import Suppressed
from cardlint.report.csv import COLUMNS
from cardlint.report.records import RunInfo, Tally
from cardlint.report.writer import FORMATS, encode, writer

from .conftest import DATA, finding, outcome, worst, written

ROOT = Path(__file__).parents[2]
NONE = RunInfo("author", ("card",), (), "sha256:0")


def gitlab(data, *outcomes):
    issues = json.loads(written("gitlab", NONE, outcomes))
    assert list(Draft202012Validator(data("gitlab-code-quality.json")).iter_errors(issues)) == []
    return issues


def suites(info, *outcomes):
    text = written("junit", info, outcomes)
    try:
        from lxml import etree
    except ImportError:
        pass
    else:
        schema = etree.XMLSchema(etree.parse(DATA / "junit-10.xsd"))
        assert schema.validate(etree.fromstring(text.encode())), schema.error_log
    return ET.fromstring(text).findall("testsuite")


def cases(suite):
    return {case.get("name"): next(iter(case), None) for case in suite.findall("testcase")}


def rows(*outcomes):
    return list(csv.DictReader(io.StringIO(written("csv", NONE, outcomes), newline="")))


def badge(*outcomes):
    return json.loads(written("badge-json", NONE, outcomes))


# GitLab


def test_gitlab_has_an_issue_a_finding(data):
    first, second = gitlab(data, outcome(finding(), finding("DOC002", "note", line=7)))
    assert first["severity"] == "major"
    assert second == {
        "description": "unknown license 'apache2' (DOC002)",
        "check_name": "placeholder",
        "fingerprint": second["fingerprint"],
        "severity": "info",
        "location": {"path": "models/gull/README.md", "lines": {"begin": 7, "end": 7}},
        "content": {"body": "did you mean 'apache-2.0'?"},
    }


def test_gitlab_fingerprints_tell_cards_apart_that_have_no_id(data):
    issues = gitlab(data, *[outcome(finding(), name=f"m{number}/README.md", repo=None) for number in range(5)])
    assert len({issue["fingerprint"] for issue in issues}) == 5


def test_gitlab_leaves_silent_findings_out_and_tells_failures(data):
    issues = gitlab(data, outcome(silent=[finding(suppressed=Suppressed("inline", "x"))], failure="boom"))
    assert [(issue["check_name"], issue["severity"]) for issue in issues] == [("cardlint-failed", "blocker")]


def test_gitlab_without_findings_is_an_empty_list(data):
    assert gitlab(data) == []


# JUnit


def test_junit_tells_what_passed_failed_and_was_not_checked(info):
    one = outcome(finding(), finding(line=9, severity="warning"), not_checked={"only the card was given": ["ART001"]})
    suite = suites(info, one)[0]
    found = cases(suite)
    assert found["LIC101 unknown-license"].tag == "failure"
    assert found["LIC101 unknown-license"].get("type") == "error"
    assert found["LIC101 unknown-license"].get("message") == "unknown license 'apache2' (and 1 more)"
    assert "models/gull/README.md:9:10: warning LIC101" in found["LIC101 unknown-license"].text
    skipped = next(element for name, element in found.items() if name.startswith("ART001 "))
    assert (skipped.tag, skipped.get("message")) == ("skipped", "not checked: only the card was given")
    applying = sum("model" in each.rule.applies_to for each in info.selected)
    assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == [str(applying), "1", "0", "1"]
    assert sum(element is None for element in found.values()) == applying - 2


def test_junit_claims_no_pass_where_cardlint_failed(info):
    suite = suites(info, outcome(failure="boom"))[0]
    assert suite.get("errors") == "1"
    assert all(element is not None for element in cases(suite).values())


def test_junit_skips_what_is_waived(info):
    silent = [finding(suppressed=Suppressed("waiver", "agreed", "2027-01-01"))]
    element = cases(suites(info, outcome(silent=silent))[0])["LIC101 unknown-license"]
    assert (element.tag, element.get("message")) == ("skipped", "waiver: agreed")


def test_junit_is_read_by_another_reader(info, tmp_path):
    junitparser = pytest.importorskip("junitparser")
    path = tmp_path / "report.xml"
    path.write_text(written("junit", info, [outcome(finding()), worst()]), encoding="utf-8")
    read = junitparser.JUnitXml.fromfile(str(path))
    assert [suite.failures for suite in read] == [1, 1]


# CSV


def test_csv_has_a_row_a_finding():
    row = rows(outcome(finding()))[0]
    assert tuple(row) == COLUMNS
    assert (row["code"], row["line"], row["column"], row["repo"]) == ("LIC101", "2", "10", "acme/gull")


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", " =1", "|x", "%x"])
def test_a_spreadsheet_computes_nothing(start):
    row = rows(outcome(finding(message=start, help=start, at=start), name=start, repo=start))[0]
    assert all(row[key].startswith("'") for key in ("message", "help", "at", "input", "repo"))


def test_csv_tells_silence_and_failure():
    first, second = rows(outcome(silent=[finding(suppressed=Suppressed("waiver", "agreed", "2027-01-01"))], failure="boom"))
    assert (first["suppressed_by"], first["suppressed_reason"], first["suppressed_until"]) == ("waiver", "agreed", "2027-01-01")
    assert (second["code"], second["message"]) == ("failure", "boom")


# badges


@pytest.mark.parametrize(
    ("outcomes", "message", "color"),
    [
        ([outcome()], "passing", "brightgreen"),
        ([outcome(), outcome()], "2 passing", "brightgreen"),
        ([outcome(finding(), finding("DOC002", "note"))], "1 error", "red"),
        ([outcome(finding(severity="warning")), outcome(finding(severity="warning"))], "2 warnings in 2 cards", "orange"),
        ([outcome(failure="boom")], "not judged", "blueviolet"),
    ],
)
def test_a_badge_says_the_worst(outcomes, message, color):
    said = badge(*outcomes)
    assert said == {
        "schemaVersion": 1,
        "label": "model card",
        "message": message,
        "color": color,
        "isError": color in ("red", "blueviolet"),
    }
    picture = ET.fromstring(written("badge", NONE, outcomes))
    assert picture.get("aria-label") == f"model card: {message}"


# every format


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_text_stays_text(name, info):
    text = written(name, info, [worst(), outcome()], ["# Gull\n]]>\x00\u202e<script>alert(1)</script>\n"])
    text.encode("utf-8", "strict" if name not in ("text", "concise", "github", "markdown", "html") else "backslashreplace")
    if name in ("json", "sarif", "badge-json"):
        json.loads(text)
    elif name == "jsonl":
        assert [json.loads(line)["type"] for line in text.split("\n")[:-1]] == ["run", "card", "card", "summary"]
    elif name == "gitlab":
        assert len(json.loads(text)) == 2
    elif name == "junit":
        assert len(suites(info, worst(), outcome())) == 2
    elif name == "csv":
        assert len(rows(worst(), outcome())) == 3
    elif name == "badge":
        ET.fromstring(text)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("text", "html", "markdown", "github", "sarif")])
def test_memory_does_not_grow_with_the_cards(name):
    """The other formats keep a bounded part, which their own tests measure."""

    class Nothing(io.TextIOBase):
        def write(self, text):
            return len(text)

    def peak(cards):
        one, tally = writer(name, Nothing()), Tally()
        tracemalloc.start()
        try:
            one.start(NONE)
            for number in range(cards):
                each = outcome(finding(message=f"message {number}"), name=f"m{number}/README.md")
                tally.add(each)
                one.card(each, None)
            one.end(tally)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(1000) < peak(100) + 20_000


def test_equal_runs_are_equal_bytes_in_every_format(tmp_path):
    def run(folder, seed, jobs):
        folder.mkdir()
        outputs = [part for name in FORMATS for part in ("--output", f"{name}={folder / name}")]
        command = [sys.executable, "-m", "cardlint", "check", "examples/hub", "--profile", "audit", "--preview", "--exit-zero"]
        done = subprocess.run(
            [*command, "--jobs", jobs, "--show-suppressed", *outputs],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "", "TZ": f"UTC{seed}"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return {name: (folder / name).read_bytes() for name in FORMATS}

    first, second = run(tmp_path / "a", "1", "1"), run(tmp_path / "b", "2", "2")
    assert [name for name in FORMATS if first[name] != second[name]] == []
    assert all(str(tmp_path).encode() not in content and str(ROOT).encode() not in content for content in first.values())


def test_only_halves_of_surrogate_pairs_are_written_as_codes():
    record = {"a\udcff": ["line\nline", "x\ud800\n"], "large": 1 << 70}
    assert json.loads(encode(record)) == {"a\\xff": ["line\nline", "x\\ud800\n"], "large": 1 << 70}
