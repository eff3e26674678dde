"""A baseline: what was there before, by fingerprints that know no line."""

from __future__ import annotations

import json

import pytest

from cardlint.config.baseline import Baseline, Entry, Stale, card_of, entries_of, read_baseline, render
from cardlint.model import CardlintError, Finding, Outcome, Span


def outcome(*prints, name="cards/README.md", repo=None, **more):
    found = tuple(Finding("LIC101", "n", "error", "high", "m", None, Span(1, 1, 1, 1), "", each) for each in prints)
    return Outcome(name, repo, "model", "README.md", None, found, **more)


def baseline(*entries):
    return Baseline("/base", "before the rules", entries)


def test_file_keeps_its_reason_and_entries(tmp_path):
    path = tmp_path / "b.json"
    entries = entries_of([outcome("f2", "f1", repo="a/b"), outcome("f1", repo="a/c")], str(tmp_path))
    path.write_text(render("why", reversed(entries)), encoding="utf-8")
    read = read_baseline(path)
    assert (read.reason, list(read.entries), read.folder) == ("why", entries, str(tmp_path))
    assert read.of(outcome(repo="a/b")) == {"f1", "f2"}
    assert read.of(outcome(repo="a/x")) == frozenset()


def test_cards_without_id_are_told_apart_by_their_path(tmp_path):
    assert card_of(outcome(name=str(tmp_path / "x" / "README.md")), str(tmp_path)) == "x/README.md"
    assert card_of(outcome(repo="a/b"), "/") == "a/b"


@pytest.mark.parametrize(
    ("judged", "stale"),
    [
        ([outcome("f1", repo="a/b")], []),
        ([outcome(repo="a/b")], ["f1"]),
        ([outcome("f2", repo="a/b")], ["f1"]),
        ([outcome(repo="a/other")], []),
        ([outcome(repo="a/b", failure="died")], []),
        ([outcome(repo="a/b", not_checked={"only the card was given": ["LIC101"]})], []),
    ],
    ids=["there", "gone", "another", "card-not-judged", "card-failed", "rule-not-checked"],
)
def test_entry_is_stale_only_where_its_rule_looked(judged, stale):
    finder = Stale(baseline(Entry("a/b", "f1", "LIC101", "m")), frozenset({"LIC101"}))
    for each in judged:
        finder.add(each)
    assert [each.fingerprint for each in finder.entries()] == stale


def test_entry_of_a_rule_that_does_not_run_is_not_stale():
    finder = Stale(baseline(Entry("a/b", "f1", "LIC101", "m")), frozenset({"MET101"}))
    finder.add(outcome(repo="a/b"))
    assert finder.entries() == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 2, "findings": []}',
        '{"version": 1, "findings": []}',
        '{"version": 1, "reason": "r", "findings": [{"card": 1}]}',
    ],
)
def test_file_that_is_no_baseline_is_refused(tmp_path, text):
    (tmp_path / "b.json").write_text(text, encoding="utf-8")
    with pytest.raises(CardlintError, match=r"b\.json: "):
        read_baseline(tmp_path / "b.json")


def test_file_is_one_entry_a_line():
    text = render("why", [Entry("a/b", "f", "LIC101", "m"), Entry("a/b", "e", "LIC101", "m")])
    assert json.loads(text)["reason"] == "why"
    assert sum('"fingerprint"' in line for line in text.splitlines()) == 2
