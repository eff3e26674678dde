"""A baseline: what was there before, by fingerprints that know no line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cardlint.config.baseline import Baseline, Entry, Stale, card_of, entries_of, read_baseline, render
from cardlint.config.suppressions import Silencing
from cardlint.config.waivers import Waiver
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.inline import names_of
from cardlint.engine.select import Choice, choose
from cardlint.model import CardlintError, Finding, Outcome, Span
from cardlint.sources.entry import Entry as Card


def outcome(*prints, name="cards/README.md", repo=None, kind="model", **more):
    found = tuple(Finding("LIC101", "n", "error", "high", "m", None, Span(1, 1, 1, 1), "", each) for each in prints)
    return Outcome(name, repo, kind, "README.md", None, found, **more)


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
    assert card_of(outcome(name=str(tmp_path / "README.md")), str(tmp_path / "x")) == "../README.md"


def test_path_is_taken_from_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert card_of(outcome(name="cards/README.md"), str(tmp_path)) == "cards/README.md"


@pytest.mark.parametrize(("kind", "name"), [("model", "a/b"), ("dataset", "datasets/a/b"), ("space", "spaces/a/b")])
def test_repository_is_called_by_its_kind(kind, name):
    assert card_of(outcome(repo="a/b", kind=kind), "/") == name


def test_silent_finding_gives_the_reason_of_the_file():
    assert baseline().suppressed == ("baseline", "before the rules", None)


def test_card_told_by_its_path_may_be_gone(tmp_path):
    (tmp_path / "there.md").write_text("")
    entries = [Entry(card, "f", "LIC101", "m") for card in ("there.md", "gone.md", "x/gone.md", "a/repository")]
    assert [each.card for each in Baseline(str(tmp_path), "r", tuple(entries)).without_card()] == ["gone.md", "x/gone.md"]


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


def test_finding_that_is_silent_is_still_there():
    silent = outcome("f1", repo="a/b")
    finder = Stale(baseline(Entry("a/b", "f1", "LIC101", "m")), frozenset({"LIC101"}))
    finder.add(outcome(repo="a/b", suppressed=silent.findings))
    assert finder.entries() == []


def test_stale_entries_are_told_card_by_card():
    entries = [Entry(card, print_, "LIC101", "m") for card in ("a/x", "a/b") for print_ in ("f1", "f2")]
    finder = Stale(baseline(*entries), frozenset({"LIC101"}))
    finder.add(outcome("f2", repo="a/b"))
    finder.add(outcome("f1", "f3", repo="a/x"))
    assert [(each.card, each.fingerprint) for each in finder.entries()] == [("a/x", "f2"), ("a/b", "f1")]


def test_entries_are_sorted_and_each_once():
    found = entries_of([outcome("f2", "f1", "f2", repo="b/x"), outcome("f3", repo="a/x"), outcome("f1", repo="b/x")], "/")
    assert found == [Entry("a/x", "f3", "LIC101", "m"), Entry("b/x", "f1", "LIC101", "m"), Entry("b/x", "f2", "LIC101", "m")]


def test_entry_of_a_rule_that_does_not_run_is_not_stale():
    finder = Stale(baseline(Entry("a/b", "f1", "LIC101", "m")), frozenset({"MET101"}))
    finder.add(outcome(repo="a/b"))
    assert finder.entries() == []


NONE = "no baseline; 'cardlint baseline create' makes one"
WANTED = "card, fingerprint, code, message are wanted, each a text"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[" * 100_000, "not JSON: maximum recursion depth exceeded"),
        ("[]", NONE),
        ("{}", NONE),
        ('{"version": 2, "reason": "r", "findings": []}', NONE),
        ('{"version": 1, "reason": "r", "findings": {}}', NONE),
        ('{"version": 1, "findings": []}', "a baseline gives its reason"),
        ('{"version": 1, "reason": " ", "findings": []}', "a baseline gives its reason"),
        ('{"version": 1, "reason": 1, "findings": []}', "a baseline gives its reason"),
        ('{"version": 1, "reason": "r", "findings": ["a"]}', f"finding 1: {WANTED}"),
        (
            '{"version": 1, "reason": "r", "findings": [{"card": "a", "fingerprint": "f", "code": "c", "message": "m"}, {"card": 1}]}',
            f"finding 2: {WANTED}",
        ),
    ],
    ids=["empty", "deep", "list", "no-version", "version", "no-list", "no-reason", "blank", "no-text", "no-entry", "entry"],
)
def test_file_that_is_no_baseline_is_refused(tmp_path, text, message):
    path = tmp_path / "b.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CardlintError) as caught:
        read_baseline(path)
    assert str(caught.value).startswith(f"{path}: {message}")


@pytest.mark.parametrize("waived", [False, True])
def test_waiver_goes_before_the_baseline(waived):
    rules = shipped()
    selected = tuple(choose(Choice(select=("LIC101", "MET101", "MET201")), rules))
    card = Card("README.md", None, id="a/b", text=b"---\npipeline_tag: zzz\nlanguage: zzz\nlicense: zzz\n---\n")
    found = {each.code: each.fingerprint for each in Judge(Plan(selected, {}))(card).findings}
    known = baseline(*(Entry("a/b", found[code], code, "m") for code in ("LIC101", "MET101")))
    waivers = (Waiver(("LIC101",), ("a/*",), "agreed", "legal", "2030-01-01"),) if waived else ()
    silent = Judge(Plan(selected, {}, silence=Silencing(names_of(rules), True, waivers, "2026-11-28", known)))(card)
    assert [each.code for each in silent.findings] == ["MET201"]
    assert [(each.code, each.suppressed.by) for each in silent.suppressed] == [
        ("MET101", "baseline"),
        ("LIC101", "waiver" if waived else "baseline"),
    ]


@pytest.mark.parametrize(("data", "message"), [(None, "No such file or directory"), (b"\xff", "not UTF-8 (byte 0): save it as UTF-8")])
def test_file_that_cannot_be_read_is_told(tmp_path, data, message):
    path = tmp_path / "b.json"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(CardlintError) as caught:
        read_baseline(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_folder_of_a_file_is_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("b.json").write_text(render("r", []), encoding="utf-8")
    assert read_baseline(Path("b.json")) == Baseline(str(tmp_path), "r")


def test_file_is_one_entry_a_line():
    text = render("why", [Entry("a/b", "f", "LIC101", "m"), Entry("a/b", "e", "LIC101", "m")])
    assert json.loads(text)["reason"] == "why"
    assert [json.loads(line.rstrip(","))["fingerprint"] for line in text.splitlines() if '"fingerprint"' in line] == ["e", "f"]


def test_file_is_the_same_for_the_same_findings():
    shown = """\
{
 "version": 1,
 "reason": "wäre \\"so\\"",
 "findings": [
  {"card": "a/b", "fingerprint": "f", "code": "LIC101", "message": "é"}
 ]
}
"""
    assert render('wäre "so"', [Entry("a/b", "f", "LIC101", "é")]) == shown


@pytest.mark.parametrize(
    ("card", "given", "told"),
    [
        ("a/b", Card("cards/README.md", None), ("a/b", None)),
        ("a/b", Card("cards/README.md", None, id="b"), ("a/b", None)),
        ("datasets/a/b", Card("cards/README.md", None), ("a/b", "dataset")),
        ("a/b", Card("cards/README.md", None, id="c/d"), ("c/d", None)),
        ("a/b", Card("others/README.md", None), (None, None)),
    ],
    ids=["no-id", "end-of-id", "dataset", "another-id", "another-path"],
)
def test_card_on_a_known_path_is_named_by_the_baseline(tmp_path, monkeypatch, card, given, told):
    monkeypatch.chdir(tmp_path)
    named = Baseline(str(tmp_path), "r", (Entry(card, "f", "LIC101", "m", "cards/README.md"),)).named(given)
    assert (named.id, named.kind) == told


def test_path_of_a_card_in_a_folder_is_written_beside_its_id(tmp_path):
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "README.md").write_text("")
    there, gone = (outcome("f", name=str(tmp_path / name / "README.md"), repo="a/b") for name in ("cards", "others"))
    assert [each.path for each in entries_of([there], str(tmp_path))] == ["cards/README.md"]
    assert [each.path for each in entries_of([gone], str(tmp_path))] == [""]
