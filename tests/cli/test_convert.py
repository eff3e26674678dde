"""``cardlint convert``: the same report in other formats, and reports that are none."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from cardlint.data import folder
from cardlint.model import CardlintError
from cardlint.report.read import SavedReport
from cardlint.report.writer import FORMATS

CARD = """\
---
license: apache2 # cardlint: ignore[LIC101] the name of old
language: English
---
# Gulls
"""


def lay(top):
    """Cards with findings, silent ones, and none."""
    for name, text in (("a", CARD), ("b", CARD.replace("apache2", "apcahe-2.0")), ("c", "---\nlicense: mit\n---\n# Terns\n")):
        (top / "m" / name).mkdir(parents=True)
        (top / "m" / name / "README.md").write_text(text, encoding="utf-8")
    (top / "m" / "c" / "config.json").write_text("{}", encoding="utf-8")
    return top


@pytest.fixture
def cards(tmp_path):
    """The cards, in this test's folder."""
    return lay(tmp_path)


@pytest.fixture(scope="module")
def run_once(tmp_path_factory):
    """A run over the cards in every format, by format: the bytes."""
    top = lay(tmp_path_factory.mktemp("run"))
    outputs = [part for name in FORMATS for part in ("--output", f"{name}=out.{name}")]
    command = [sys.executable, "-m", "cardlint", "check", "m", "--show-suppressed", "--exit-zero", *outputs]
    subprocess.run(command, cwd=top, check=True, capture_output=True)
    return {name: (top / f"out.{name}").read_bytes() for name in FORMATS}


@pytest.fixture
def saved(cards, run_once):
    """The run's reports, beside the cards in this test's folder."""
    for name, content in run_once.items():
        (cards / f"out.{name}").write_bytes(content)
    return run_once


@pytest.mark.parametrize("source", ["json", "jsonl"])
def test_a_converted_report_is_the_report_of_the_run(cardlint, cards, saved, source):
    targets = [part for name in FORMATS for part in ("--to", f"{name}=new.{name}")]
    done = cardlint("convert", f"out.{source}", *targets)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [name for name in FORMATS if (cards / f"new.{name}").read_bytes() != saved[name]] == []


@pytest.mark.parametrize("profile", ["author", "gate", "audit"])
def test_what_was_silent_and_not_shown_is_still_counted(cardlint, cards, profile):
    cardlint("check", "m", "--profile", profile, "--exit-zero", "--output", "json=a.json", "--output", "concise=a.txt")
    assert cardlint("convert", "a.json", "--to", "json").stdout == (cards / "a.json").read_text(encoding="utf-8")
    assert cardlint("convert", "a.json", "--to", "concise").stdout == (cards / "a.txt").read_text(encoding="utf-8")


def test_a_report_of_another_layout_is_read(cardlint, cards, saved):
    (cards / "pretty.json").write_text(json.dumps(json.loads(saved["json"]), indent=2), encoding="utf-8")
    assert cardlint("convert", "pretty.json", "--to", "jsonl").stdout.encode() == saved["jsonl"]


def test_a_report_comes_from_standard_input(cardlint, saved):
    assert cardlint("convert", "-", "--to", "json", stdin=saved["jsonl"].decode()).stdout.encode() == saved["json"]


@pytest.mark.usefixtures("saved")
def test_a_card_that_changed_is_not_shown(cardlint, cards):
    (cards / "m" / "a" / "README.md").write_text(CARD + "more\n", encoding="utf-8")
    done = cardlint("convert", "out.json", "--to", "text")
    assert "language: English" not in done.stdout.partition("m/b/README.md")[0]
    assert "language: English" in done.stdout


def test_a_card_outside_this_folder_is_not_shown(cardlint, cards, saved, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "out.json").write_bytes(saved["json"].replace(b'"m/', f'"{cards}/m/'.encode()))
    assert "language: English" not in cardlint("convert", "out.json", "--to", "text", cwd=other).stdout


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda _: b"", "empty: a report in JSON or JSON Lines is wanted"),
        (lambda _: b"card\n", "not JSON"),
        (lambda _: b"[]\n", "an object is wanted"),
        (lambda _: b"{}\n", "version: Field required; a report of cardlint, version 1, is wanted"),
        (lambda text: text.replace(b'"version":1', b'"version":2', 1), "version: Input should be 1"),
        (lambda text: b"".join(text.splitlines(keepends=True)[:-1]), "the report is cut: it has no summary"),
        (lambda text: text[: len(text) * 2 // 3], ":"),
        (lambda text: b"".join(text.splitlines(keepends=True)[i] for i in (0, 1, -1)), "the summary does not agree with the cards"),
        (lambda text: text + b"{}\n", "more stands behind the summary"),
        (lambda text: text.replace(b'"line":2', b'"line":0', 1), "span/line: Input should be greater than or equal to 1"),
        (lambda text: text.replace(b'"severity":"error"', b'"severity":"fatal"'), "severity: Input should be 'error', 'warning' or 'note'"),
    ],
    ids=range(11),
)
@pytest.mark.parametrize("source", ["json", "jsonl"])
def test_what_is_no_report_is_refused(run_once, source, change, message):
    with pytest.raises(CardlintError) as caught:
        list(SavedReport(io.BytesIO(change(run_once[source])), "bad", []).outcomes())
    assert str(caught.value).startswith("bad:")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.json", "--to", "json"), "nowhere.json: No such file or directory"),
        (("out.json", "--to", "sarfi"), "--to 'sarfi': no such format; did you mean 'sarif'?"),
        (("out.json", "--to", "sarfi=x"), "did you mean sarif=x?"),
        (("out.json", "--to", "json", "--to", "csv"), "--to csv: only one report goes to standard output; write --to csv=FILE"),
        (("out.json", "--to", "json=no/such/x"), "No such file or directory"),
        (("out.json",), "Missing option '--to'"),
    ],
)
@pytest.mark.usefixtures("saved")
def test_wrong_usage(cardlint, arguments, message):
    done = cardlint("convert", *arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_own_rules_are_told(cardlint, cards):
    rule = folder("rules").joinpath("LIC", "LIC101-unknown-license.yaml")
    (cards / "own").mkdir()
    text = rule.read_text(encoding="utf-8").replace("LIC101", "LIC999").replace("name: unknown-license", "name: our-license", 1)
    (cards / "own" / "LIC999-our-license.yaml").write_text(text, encoding="utf-8")
    cardlint("check", "m", "--rules", "own", "--select", "LIC999", "--exit-zero", "--output", "json=a.json", "--output", "sarif=a.sarif")
    assert cardlint("convert", "a.json", "--to", "sarif", "--rules", "own").stdout == (cards / "a.sarif").read_text(encoding="utf-8")
    unknown = json.loads(cardlint("convert", "a.json", "--to", "sarif").stdout)
    assert unknown["runs"][0]["tool"]["driver"]["rules"][0]["id"] == "LIC999"
    assert cardlint("convert", "a.json", "--to", "json").stdout == (cards / "a.json").read_text(encoding="utf-8")


def test_a_file_name_that_is_no_utf8_is_told_in_every_format(cardlint, cards):
    odd = cards / "m" / os.fsdecode(b"\xff")
    odd.mkdir()
    (odd / "README.md").write_text(CARD, encoding="utf-8")
    outputs = [part for name in FORMATS for part in ("--output", f"{name}=out.{name}")]
    assert cardlint("check", "m", "--exit-zero", *outputs).returncode == 0
    for name in FORMATS:
        assert b"\xff" not in (cards / f"out.{name}").read_bytes()
    assert cardlint("convert", "out.json", "--to", "jsonl").stdout == (cards / "out.jsonl").read_text(encoding="utf-8")
