"""SARIF: valid, as code scanning wants it, bounded, and never spoken through by a card."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from jsonschema import Draft4Validator

from cardlint.model import PlacedEdit, PlacedFix, PlacedRelated, Span, Suppressed
from cardlint.report import sarif
from cardlint.report.linehash import line_hashes

from .conftest import DATA, finding, outcome, worst, written

VECTORS = json.loads((DATA / "line_hashes.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def run_of(info, data):
    """The run of the log that outcomes make; the log is valid."""
    validator = Draft4Validator(data("sarif-2.1.0-rtm.5.json"))

    def run(*outcomes, texts=()):
        log = json.loads(written("sarif", info, outcomes, texts))
        assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(log)] == []
        assert log["version"] == "2.1.0"
        return log["runs"][0]

    return run


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: repr(vector["text"][:20]))
def test_line_hashes_are_those_of_the_upload_action(vector):
    assert line_hashes(vector["text"]) == vector["hashes"]


def test_a_character_beyond_the_basic_plane_is_two_units():
    assert line_hashes("\U0001f426") == line_hashes("\ud83d\udc26") != line_hashes("\ud83d")


def test_every_rule_that_ran_is_described(run_of, info):
    rules = run_of(outcome())["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [each.rule.code for each in info.selected]
    for rule in rules:
        assert all(1 <= len(rule[key]["text"]) <= 1024 for key in ("shortDescription", "fullDescription"))
        assert rule["help"]["text"]
        assert rule["help"]["markdown"].startswith(f"**{rule['id']} ")
        assert rule["fullDescription"]["text"] != rule["shortDescription"]["text"]
        assert rule["properties"]["precision"] in ("very-high", "high", "low")
        assert len(rule["properties"]["tags"]) <= 20
        assert ("security-severity" in rule["properties"]) == rule["id"].startswith("SEC")


def test_a_result_has_place_level_and_fingerprints(run_of):
    text = "---\nlicense: apache2\n---\n"
    one = outcome(finding(), sha256=sha256(text.encode()).hexdigest())
    run = run_of(one, texts=[text])
    result = run["results"][0]
    assert result["ruleId"] == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "LIC101"
    assert result["level"] == "error"
    assert result["message"]["text"] == "unknown license 'apache2'. did you mean 'apache-2.0'?"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "models/gull/README.md"
    assert place["region"] == {"startLine": 2, "startColumn": 10, "endLine": 2, "endColumn": 17}
    assert run["columnKind"] == "unicodeCodePoints"
    assert result["partialFingerprints"] == {"cardlint/v1": "LIC101-2", "primaryLocationLineHash": line_hashes(text)[1]}


def test_the_byte_order_mark_belongs_to_the_first_line(run_of):
    text = "# Gull\n"
    one = outcome(finding(line=1), sha256=sha256(("\ufeff" + text).encode()).hexdigest())
    hashed = run_of(one, texts=[text])["results"][0]["partialFingerprints"]["primaryLocationLineHash"]
    assert hashed == line_hashes("\ufeff" + text)[0] != line_hashes(text)[0]


def test_a_text_that_is_not_the_file_is_not_hashed(run_of):
    assert "primaryLocationLineHash" not in run_of(outcome(finding()), texts=["other"])["results"][0]["partialFingerprints"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/c#d?e%f/README.md", "a%20b/c%23d%3Fe%25f/README.md"),
        ("./models//gull/README.md", "models/gull/README.md"),
        ("/elsewhere/README.md", "file:///elsewhere/README.md"),
        ("vögel/README.md", "v%C3%B6gel/README.md"),
    ],
)
def test_uris_are_relative_and_quoted(run_of, path, uri):
    assert run_of(outcome(finding(), name=path))["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_below_this_folder_an_absolute_path_is_relative(run_of, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run_of(outcome(finding(), name=str(tmp_path / "gull" / "README.md")))["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "gull/README.md"


def test_a_missing_card_is_missed_where_it_would_stand(run_of):
    result = run_of(outcome(finding("FM001"), name="models/gull", sha256=None))["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "models/gull/README.md"


@pytest.mark.parametrize(
    ("silent", "kind", "state"),
    [
        (Suppressed("inline", "as it was"), "inSource", None),
        (Suppressed("waiver", "agreed (birds)", "2027-01-01"), "external", None),
        (Suppressed("baseline", "of old"), "external", "unchanged"),
    ],
)
def test_silent_findings_say_why(run_of, silent, kind, state):
    result = run_of(outcome(silent=[finding(suppressed=silent)]))["results"][0]
    assert result["suppressions"] == [{"kind": kind, "justification": silent.reason}]
    assert result.get("baselineState") == state


def test_fixes_and_related_places(run_of):
    fix = PlacedFix("safe", (PlacedEdit(Span(2, 10, 2, 17), "apache-2.0"),))
    related = (PlacedRelated("README.md", Span(9, 1, 9, 2), "said here"), PlacedRelated("config.json", Span(1, 1, 1, 1), "and here"))
    result = run_of(outcome(finding(fix=fix, related=related)))["results"][0]
    assert result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "apache-2.0"}
    uris = [each["physicalLocation"]["artifactLocation"]["uri"] for each in result["relatedLocations"]]
    assert uris == ["models/gull/README.md", "models/gull/config.json"]


def test_a_fix_without_edits_is_left_out(run_of):
    assert "fixes" not in run_of(outcome(finding(fix=PlacedFix("safe", (), strips_bom=True))))["results"][0]


def test_a_failure_is_told_and_the_run_was_no_success(run_of):
    invocation = run_of(outcome(failure="LIC101: KeyError"))["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "cardlint failed on this card: LIC101: KeyError"


def test_what_was_not_checked_is_counted_by_reason(run_of):
    cards = [outcome(not_checked={"only the card was given": ["ART001"]}) for _ in range(3)]
    assert run_of(*cards)["properties"]["cardsNotChecked"] == {"only the card was given": 3}


def test_the_most_severe_are_kept_and_the_rest_is_told(run_of, monkeypatch):
    monkeypatch.setattr(sarif, "MOST_RESULTS", 5)
    cards = [outcome(finding(severity=severity)) for severity in ("note", "warning", "note", "error") * 3]
    run = run_of(*cards)
    assert [result["level"] for result in run["results"]] == ["error"] * 3 + ["warning"] * 2
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].startswith("7 less severe findings are left out")


def test_the_compressed_size_is_bounded(run_of, monkeypatch):
    monkeypatch.setattr(sarif, "MOST_BYTES", 20_000)
    cards = [outcome(finding(message=sha256(str(number).encode()).hexdigest() * 4)) for number in range(2000)]
    assert 100 < len(run_of(*cards)["results"]) < 2000


def test_a_hostile_card_makes_no_link_placeholder_or_control(run_of):
    result = run_of(worst())["results"][0]
    text = result["message"]["text"]
    assert "\\[a\\](javascript:1)" in text
    assert "{{0}}" in text
    assert text.isprintable()
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].isascii()


def test_real_cards_are_valid(run_of, real_cards, info):
    from cardlint.engine.batch import Judge, Plan
    from cardlint.sources.entry import Entry

    judge = Judge(Plan(info.selected, {}))
    cards = real_cards[:: max(1, len(real_cards) // 60)]
    entries = [Entry(f"c{number}/README.md", None, text=card["text"].encode(), kind=card["kind"]) for number, card in enumerate(cards)]
    run = run_of(*map(judge, entries), texts=[card["text"] for card in cards])
    assert len(run["results"]) > 100
    assert all("primaryLocationLineHash" in result["partialFingerprints"] for result in run["results"])


def test_another_reader_counts_the_same(info, tmp_path):
    loader = pytest.importorskip("sarif.loader")
    path = tmp_path / "report.sarif"
    path.write_text(written("sarif", info, [outcome(finding(), finding("DOC002", "note")), outcome(finding())]), encoding="utf-8")
    report = loader.load_sarif_file(str(path)).get_report()
    assert report.get_issue_count_for_severity("error") == 2
    assert report.get_issue_count_for_severity("note") == 1
