"""``cardlint standard`` and ``check --standard``: matrices, exits, evidence, an organisation's own standard and schema."""

from __future__ import annotations

import json
import re
from hashlib import sha256

import pytest
from jsonschema import Draft202012Validator

from cardlint.data import schema

CARD = (
    "---\nlicense: mit\nlanguage: [en]\n---\n# Tide Writer\n\nTide Writer turns tables of tides into short notices for sailors in port.\n"
)
OWN = """id: acme-release
title: "Release policy"
version: "3"
date: 2026-10-01
source: "handbook, chapter 7"
about: "Every model that leaves the house."
extends: [hub-minimum]
controls:
  - id: A-1
    clause: "7.1"
    text: "What the model must not be used for."
    evidence: [/sections/out_of_scope_use]
    severity: error
"""


@pytest.fixture
def repo(tmp_path):
    (tmp_path / "README.md").write_text(CARD, encoding="utf-8")
    (tmp_path / "acme.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path


def test_list_names_what_ships(cardlint):
    listed = json.loads(cardlint("standard", "list", "--format", "json").stdout)["standards"]
    assert {"hub-minimum", "mitchell-2019", "eu-ai-act-annex-xi"} <= {each["id"] for each in listed}
    assert cardlint("standard", "list").stdout.count("\n") == len(listed)


def test_show_tells_what_a_control_wants(cardlint):
    shown = cardlint("standard", "show", "hub-minimum").stdout
    assert shown.startswith("hub-minimum: Hub minimum: what an upload is refused for (2026-11)\n")
    assert "HM-4  licenses\n    Every licence that is declared is an id of the hub's list.\n    only where a licence is declared\n" in shown
    assert json.loads(cardlint("standard", "show", "hub-minimum", "--format", "json").stdout)["controls"][0]["id"] == "HM-1"


@pytest.mark.usefixtures("repo")
def test_check_prints_the_matrix_with_lines(cardlint):
    done = cardlint("check", "README.md", "--standard", "hub-minimum")
    assert "hub-minimum: README.md: 5 met, 6 not applicable of 11 controls\n" in done.stdout
    assert "  met            HM-4   licenses" in done.stdout
    assert "README.md:2\n" in done.stdout


@pytest.mark.usefixtures("repo")
def test_control_with_a_severity_is_a_finding(cardlint):
    done = cardlint("check", "README.md", "--standard", "acme.yaml")
    assert done.returncode == 1
    assert "error[GOV901 unmet-control]: acme-release A-1 is not met: nothing on out of scope use" in done.stdout


def test_configuration_names_standards(cardlint, repo):
    (repo / "cardlint.toml").write_text('standards = ["acme.yaml"]\n', encoding="utf-8")
    (repo / "deep").mkdir()
    done = cardlint("check", "../README.md", cwd=repo / "deep")
    assert "GOV901" in done.stdout


@pytest.mark.usefixtures("repo")
def test_json_report_fits_its_schema_and_holds_the_matrix(cardlint):
    report = json.loads(cardlint("check", "README.md", "--standard", "hub-minimum", "--format", "json").stdout)
    Draft202012Validator(schema("report-v1")).validate(report)
    assert report["standards"][0]["id"] == "hub-minimum"
    licence = next(each for each in report["cards"][0]["standards"][0]["controls"] if each["id"] == "HM-4")
    assert licence == {
        "id": "HM-4",
        "clause": "licenses",
        "state": "met",
        "reason": "",
        "evidence": [{"path": "README.md", "lines": [2, 2], "at": "/declared/licenses"}],
    }


def test_saved_report_is_converted_with_its_matrix(cardlint, repo):
    text = cardlint("check", "README.md", "--standard", "acme.yaml", "--format", "json", "--output", "jsonl=lines.jsonl").stdout
    (repo / "report.json").write_text(text, encoding="utf-8")
    assert cardlint("convert", "report.json", "--to", "json").stdout == text
    assert cardlint("convert", "lines.jsonl", "--to", "json").stdout == text
    assert "| A-1 | 7.1 | not met |" in cardlint("convert", "report.json", "--to", "markdown").stdout


@pytest.mark.parametrize("format_name", ["markdown", "html"])
def test_matrix_is_a_table_and_what_cards_say_is_escaped(cardlint, repo, format_name):
    (repo / "README.md").write_text(CARD.replace("license: mit", "license: <b>mit"), encoding="utf-8")
    done = cardlint("check", "README.md", "--standard", "hub-minimum", "--format", format_name)
    assert "HM-4" in done.stdout
    assert "<b>mit" not in done.stdout


def test_standard_that_is_mapped_to_never_says_met(cardlint, repo):
    (repo / "acme.yaml").write_text(OWN.replace("about:", "claim: maps-to\nabout:"), encoding="utf-8")
    done = cardlint("standard", "check", "acme.yaml", "README.md")
    assert not re.search(r"(?m)^  (not )?met |\d (not )?met", done.stdout)
    assert "  evidence       HM-4" in done.stdout
    assert "  no evidence    A-1" in done.stdout


@pytest.mark.usefixtures("repo")
@pytest.mark.parametrize(("fail_on", "code"), [("not-met", 1), ("not-checked", 1), ("nothing", 0)])
def test_exit_follows_the_states(cardlint, fail_on, code):
    assert cardlint("standard", "check", "acme.yaml", "README.md", "--fail-on", fail_on).returncode == code


@pytest.mark.usefixtures("repo")
def test_standard_that_is_met_exits_0(cardlint):
    assert cardlint("standard", "check", "hub-minimum", "README.md").returncode == 0


@pytest.mark.usefixtures("repo")
def test_rules_that_nobody_asked_for_are_off(cardlint):
    report = json.loads(cardlint("check", "README.md", "--format", "json").stdout)
    assert {"FM030", "GOV901"}.isdisjoint(each["code"] for each in report["rules"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("standard", "lst"), "no command 'lst'; did you mean 'list'?"),
        (("standard", "show", "hub-minimun"), "no standard 'hub-minimun'; did you mean 'hub-minimum'?"),
        (("standard", "check", "nowhere.yaml"), "nowhere.yaml: No such file or directory"),
        (("check", "--standard", "hub"), "no standard 'hub'"),
        (("check", "--standard", "hub-minimum", "--standard", "copy.yaml"), "two standards have the id 'hub-minimum'"),
        (("standard", "check", "hub-minimum", "--signed-off-by", "me"), "add --evidence FILE"),
        (("standard", "init", "acme.yaml"), "acme.yaml is there already: --force replaces it"),
        (("standard", "init", "acme.txt"), "acme.txt: a standard file ends in .yaml"),
        (("check", "--card-schema", "nowhere.json"), "nowhere.json: No such file or directory"),
        (("check", "--card-schema", "acme.yaml"), "acme.yaml:1:1: not JSON"),
        (("check", "--card-schema", "list.json"), "a card schema is a JSON object"),
        (("check", "--card-schema", "bad.json"), "bad.json: not a JSON Schema"),
        (("check", "--card-schema", "out.json"), "lies outside the schema"),
        (("check", "--card-schema", "slow.json"), "slow.json: not a JSON Schema"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_exits_2_with_one_clear_message(cardlint, repo, arguments, message):
    (repo / "copy.yaml").write_text(OWN.replace("acme-release", "hub-minimum"), encoding="utf-8")
    (repo / "list.json").write_text("[]", encoding="utf-8")
    (repo / "bad.json").write_text('{"type": "strin"}', encoding="utf-8")
    (repo / "out.json").write_text('{"$ref": "https://example.org/card.json"}', encoding="utf-8")
    (repo / "slow.json").write_text('{"properties": {"license": {"pattern": "(a)\\\\1"}}}', encoding="utf-8")
    done = cardlint(*arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_own_schema_places_its_faults(cardlint, repo):
    own = {"required": ["owner"], "properties": {"license": {"enum": ["apache-2.0"]}}}
    (repo / "card.json").write_text(json.dumps(own), encoding="utf-8")
    done = cardlint("check", "README.md", "--card-schema", "card.json", "--format", "concise")
    assert done.returncode == 1
    assert "README.md:2:10: error FM030 'license' is \"mit\", which the schema does not allow; it allows apache-2.0\n" in done.stdout
    assert "README.md:4:1: error FM030 'owner' is missing\n" in done.stdout


@pytest.mark.usefixtures("repo")
def test_several_standards_are_judged_at_once(cardlint):
    done = cardlint("standard", "check", "hub-minimum,mitchell-2019", "README.md")
    assert done.stdout.count(" controls\n") == 4


@pytest.mark.usefixtures("repo")
def test_init_writes_a_standard_that_judges(cardlint):
    done = cardlint("standard", "init", "own.yaml", "--extends", "mitchell-2019", "--extends", "acme.yaml")
    assert (done.returncode, done.stdout) == (0, "")
    assert cardlint("standard", "check", "own.yaml", "README.md").returncode == 1


def test_evidence_is_the_same_bytes_again_and_names_what_was_judged_by_hash(cardlint, repo):
    for name in ("one.json", "two.json"):
        cardlint("standard", "check", "acme.yaml", "README.md", "--evidence", name, "--signed-off-by", "Kari Aas, model risk")
    assert (repo / "one.json").read_bytes() == (repo / "two.json").read_bytes()
    found = json.loads((repo / "one.json").read_text(encoding="utf-8"))
    assert found["signed_off_by"] == "Kari Aas, model risk"
    assert found["cards"][0]["sha256"] == sha256(CARD.encode()).hexdigest()
    assert found["summary"]["controls"]["acme-release"] == {"met": 5, "not-met": 1, "not-checked": 0, "manual": 0, "not-applicable": 6}
    assert found["summary"]["rules_not_checked"]["only the card was given"] > 0
    assert str(repo) not in (repo / "one.json").read_text(encoding="utf-8")


def test_digest_of_evidence_is_of_all_that_stands_before(cardlint, repo):
    cardlint("standard", "check", "acme.yaml", "README.md", "--evidence", "run.json")
    found = json.loads((repo / "run.json").read_text(encoding="utf-8"))
    said = found.pop("sha256")
    text = json.dumps(found, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert said == f"sha256:{sha256(text.encode()).hexdigest()}"


@pytest.mark.parametrize("change", ["card", "standard", "rules"])
def test_evidence_changes_with_card_standard_and_rules(cardlint, repo, change):
    arguments = ("standard", "check", "acme.yaml", "README.md", "--evidence")
    cardlint(*arguments, "one.json")
    if change == "card":
        (repo / "README.md").write_text(CARD + "\n", encoding="utf-8")
    if change == "standard":
        (repo / "acme.yaml").write_text(OWN.replace("must not", "should not"), encoding="utf-8")
    cardlint(*arguments, "two.json", *(["--ignore", "DOC"] if change == "rules" else []))
    one, two = (json.loads((repo / name).read_text(encoding="utf-8")) for name in ("one.json", "two.json"))
    assert {key for key in one if one[key] != two[key]} >= {"sha256", {"card": "cards", "standard": "standards", "rules": "rules"}[change]}


def test_files_that_gave_evidence_are_hashed(cardlint, tmp_path):
    folder = tmp_path / "acme" / "tide"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("---\nlanguage: [en]\n---\n# Tide\n", encoding="utf-8")
    (folder / "LICENSE").write_text("Copyright 2026 Acme. All rights reserved to nobody.\n", encoding="utf-8")
    cardlint("standard", "check", "mitchell-2019", "acme", "--evidence", "run.json")
    card = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["cards"][0]
    assert card["files"]["count"] == 2
    assert card["evidence"] == {"LICENSE": sha256((folder / "LICENSE").read_bytes()).hexdigest()}


def test_audit_keeps_the_controls_and_counts_them_by_owner(cardlint, tmp_path):
    pytest.importorskip("duckdb")
    for owner, licence in (("acme", "mit"), ("zenith", "mti")):
        folder = tmp_path / "hub" / owner / "tide"
        folder.mkdir(parents=True)
        (folder / "README.md").write_text(CARD.replace("mit", licence), encoding="utf-8")
    done = cardlint("audit", "hub", "--out", "out", "--standard", "hub-minimum")
    assert "hub-minimum" in done.stdout
    from cardlint.audit.summary import connect

    connection = connect(tmp_path / "out")
    rows = connection.execute("select owner, state, evidence from controls where control = 'HM-4' order by owner").fetchall()
    assert rows == [("acme", "met", ["README.md:2-2"]), ("zenith", "not-met", ["README.md:2-2"])]
    assert connection.execute("select owner, met, not_met from standards order by owner").fetchall() == [("acme", 5, 0), ("zenith", 4, 1)]


def test_show_tells_what_a_standard_extends(cardlint):
    assert cardlint("standard", "init", "acme.yaml", "--extends", "mitchell-2019").returncode == 0
    assert "  extends mitchell-2019\n" in cardlint("standard", "show", "acme.yaml").stdout
    assert "  extends " not in cardlint("standard", "show", "mitchell-2019").stdout
