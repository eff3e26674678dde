"""Comments, waivers and baselines as a user calls them."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from cardlint.data import schema

CARD = """\
---
license: apache2 # cardlint: ignore[LIC101] the name of old
language: English
---
# Gulls
"""
WAIVERS = """\
- rule: MET101
  repos: ["*README.md"]
  reason: the field is read by our own tools
  owner: birds
  expires: {}
"""


@pytest.fixture
def card(tmp_path):
    path = tmp_path / "README.md"
    path.write_text(CARD, encoding="utf-8")
    return path


def report(done):
    data = json.loads(done.stdout)
    assert list(Draft202012Validator(schema("report-v1")).iter_errors(data)) == []
    return data


@pytest.mark.usefixtures("card")
def test_summary_counts_what_is_silent(cardlint, tmp_path):
    (tmp_path / "w.yaml").write_text(WAIVERS.format("2999-01-01"), encoding="utf-8")
    done = cardlint("check", "README.md", "--waivers", "w.yaml", "--select", "LIC101,MET101")
    assert done.stdout == "All checks passed (1 card, 2 rules) (1 suppressed, 1 waived)\n"
    done = cardlint("check", "README.md", "--waivers", "w.yaml", "--format", "json", "--show-suppressed", "--select", "LIC101,MET101")
    data = report(done)
    assert [each["suppressed"] for each in data["cards"][0]["findings"]] == [
        {"by": "inline", "reason": "the name of old", "until": None},
        {"by": "waiver", "reason": "the field is read by our own tools (birds)", "until": "2999-01-01"},
    ]
    assert data["summary"]["suppressed"] == {"inline": 1, "waiver": 1, "baseline": 0}
    assert data["summary"]["findings"]["error"] == 0


@pytest.mark.usefixtures("card")
def test_silent_findings_are_shown_only_on_demand(cardlint):
    plain = report(cardlint("check", "README.md", "--format", "json"))
    assert "LIC101" not in {each["code"] for each in plain["cards"][0]["findings"]}
    assert plain["summary"]["suppressed"]["inline"] == 1
    shown = cardlint("check", "README.md", "--format", "concise", "--show-suppressed").stdout
    assert "README.md:2:10: error LIC101 [*] unknown license 'apache2' [suppressed: the name of old]" in shown


@pytest.mark.usefixtures("card")
def test_gate_does_not_listen_to_the_card(cardlint):
    done = cardlint("check", "README.md", "--profile", "gate", "--format", "json")
    data = report(done)
    assert done.returncode == 1
    assert "LIC101" in {each["code"] for each in data["cards"][0]["findings"]}
    assert data["summary"]["suppressed"] == {"inline": 1, "waiver": 0, "baseline": 0}
    assert "(1 not honoured)" in cardlint("check", "README.md", "--profile", "gate").stdout


@pytest.mark.usefixtures("card")
def test_waivers_of_the_configuration_count_in_gate_only_where_it_is_named(cardlint, tmp_path):
    (tmp_path / "w.yaml").write_text(WAIVERS.format("2999-01-01").replace("MET101", "LIC"), encoding="utf-8")
    (tmp_path / "cardlint.toml").write_text('waivers = "w.yaml"\n', encoding="utf-8")
    gate = ("check", "README.md", "--profile", "gate", "--select", "LIC101")
    assert cardlint(*gate).returncode == 1
    assert cardlint(*gate, "--config", "cardlint.toml").returncode == 0
    assert cardlint(*gate, "--waivers", "w.yaml").returncode == 0


@pytest.mark.usefixtures("card")
def test_expired_waiver_brings_the_finding_back_with_a_note(cardlint, tmp_path):
    (tmp_path / "w.yaml").write_text(WAIVERS.format("2020-01-01"), encoding="utf-8")
    done = cardlint("check", "README.md", "--waivers", "w.yaml")
    assert done.returncode == 1
    assert "A waiver of birds expired on 2020-01-01: the field is read by our own tools" in done.stdout


@pytest.mark.usefixtures("card")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--waivers", "nowhere.yaml"), "nowhere.yaml: No such file or directory"),
        (("--waivers", "w.yaml"), "w.yaml:1:9: unknown rule 'MET10l'; did you mean 'MET"),
        (("--baseline", "nowhere.json"), "nowhere.json: No such file or directory"),
        (("--baseline", "w.yaml"), "w.yaml: not JSON"),
    ],
)
def test_faulty_file_is_exit_2_before_any_work(cardlint, tmp_path, arguments, message):
    (tmp_path / "w.yaml").write_text(WAIVERS.format("2999-01-01").replace("MET101", "MET10l"), encoding="utf-8")
    done = cardlint("check", "README.md", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_baseline_from_create_to_prune(cardlint, tmp_path, card):
    made = cardlint("baseline", "create", ".", "--out", "base.json", "--reason", "before the rules")
    assert made.returncode == 0
    clean = cardlint("check", ".", "--baseline", "base.json")
    assert (clean.returncode, clean.stdout.startswith("All checks passed")) == (0, True)
    card.write_text(
        CARD.replace("# Gulls", "\n\n# Gulls").replace("language: English", "language: en\npipeline_tag: nonsense-task"), encoding="utf-8"
    )
    worse = cardlint("check", ".", "--baseline", "base.json", "--allow-stale-baseline", "--format", "json")
    assert {each["code"] for each in report(worse)["cards"][0]["findings"]} == {"MET201"}
    stale = cardlint("check", ".", "--baseline", "base.json", "--ignore", "MET201")
    assert stale.returncode == 1
    assert "1 entry of base.json is stale" in stale.stderr
    assert "README.md: MET101 unknown language 'English'" in stale.stderr
    assert cardlint("check", ".", "--baseline", "base.json", "--ignore", "MET201", "--exit-zero").returncode == 0
    before = json.loads((tmp_path / "base.json").read_text(encoding="utf-8"))
    pruned = cardlint("baseline", "prune", ".", "--baseline", "base.json")
    assert pruned.stdout.startswith("taken out of base.json: 1 finding; left: ")
    after = json.loads((tmp_path / "base.json").read_text(encoding="utf-8"))
    assert after["reason"] == "before the rules"
    assert len(after["findings"]) == len(before["findings"]) - 1
    assert cardlint("check", ".", "--baseline", "base.json", "--ignore", "MET201").returncode == 0


@pytest.mark.usefixtures("card")
def test_baseline_is_not_replaced_unasked_and_gives_a_reason(cardlint):
    create = ("baseline", "create", "README.md", "--out", "base.json")
    assert cardlint(*create).returncode == 2
    assert cardlint(*create, "--reason", " ").returncode == 2
    assert cardlint(*create, "--reason", "r").returncode == 0
    again = cardlint(*create, "--reason", "r")
    assert (again.returncode, "--force replaces it" in again.stderr) == (2, True)
    assert cardlint(*create, "--reason", "r", "--force").returncode == 0


def test_equal_cards_in_two_folders_have_each_their_entries(cardlint, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(CARD, encoding="utf-8")
    cardlint("baseline", "create", "a/README.md", "--out", "base.json", "--reason", "r")
    done = cardlint("check", "a/README.md", "b/README.md", "--baseline", "base.json", "--format", "json")
    assert [bool(each["findings"]) for each in report(done)["cards"]] == [False, True]


def test_unused_comment_is_removed_by_fix(cardlint, card):
    card.write_text(CARD.replace("apache2", "apache-2.0"), encoding="utf-8")
    assert "DOC901" in cardlint("check", "README.md", "--format", "concise").stdout
    cardlint("check", "README.md", "--fix")
    assert card.read_text(encoding="utf-8").startswith("---\nlicense: apache-2.0\n")


def test_audit_counts_comments_and_waivers(cardlint, tmp_path):
    folder = tmp_path / "mirror" / "acme" / "gulls"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    (folder / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "w.yaml").write_text(WAIVERS.format("2999-01-01").replace("*README.md", "acme/*"), encoding="utf-8")
    done = cardlint("audit", "mirror", "--out", "out", "--waivers", "w.yaml", "--jobs", "1")
    assert "(1 waived, 1 not honoured)" in done.stdout


@pytest.mark.parametrize("part", ["mirror/acme/gulls", "mirror/acme", "mirror/acme/gulls/README.md"])
def test_baseline_of_a_mirror_holds_for_a_part_of_it(cardlint, tmp_path, part):
    card = tmp_path / "mirror" / "acme" / "gulls" / "README.md"
    card.parent.mkdir(parents=True)
    card.write_text(CARD, encoding="utf-8")
    cardlint("baseline", "create", "mirror", "--out", "b.json", "--reason", "old", "--select", "MET101")
    assert cardlint("check", part, "--baseline", "b.json", "--select", "MET101").returncode == 0
    assert cardlint("baseline", "prune", part, "--baseline", "b.json", "--select", "MET101").stdout.endswith("0 findings; left: 1\n")
