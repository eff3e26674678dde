"""Counts and tables at the end of an audit: worked out once for the same results."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

from cardlint.audit.totals import totals
from tests.audit.conftest import run
from tests.hub.mirrors import audit, card, write_mirror

BASE = {"acme/letters": card("Letters", license="cc-by-nc-4.0")}
DERIVED = {"bob/mail": card("Mail", license="mit", base_model="acme/letters")}


def test_they_count_what_the_hub_rules_add(tmp_path):
    found = totals(audit(write_mirror(tmp_path / "hub", BASE | DERIVED), tmp_path / "out", "LIC402"))
    assert (found.tally.cards, found.tally.flagged, found.tally.findings["error"]) == (2, 1, 1)
    assert [row["code"] for row in found.tables["rules"]] == ["LIC402"]


def test_the_same_results_are_not_asked_again(tmp_path):
    store = audit(write_mirror(tmp_path / "hub", BASE | DERIVED), tmp_path / "out", "LIC402")
    first = totals(store)
    kept = store.folder / "hub" / "totals.json"
    kept.write_text(kept.read_text().replace("LIC402", "SEEN"), encoding="utf-8")
    again = totals(store)
    assert [row["code"] for row in again.tables["rules"]] == ["SEEN"]
    assert vars(again.tally) == vars(first.tally)


def test_other_results_are_asked_anew(tmp_path):
    totals(audit(write_mirror(tmp_path / "hub", BASE), tmp_path / "out", "LIC402"))
    assert totals(audit(write_mirror(tmp_path / "hub", DERIVED), tmp_path / "out")).tally.cards == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"of": 1}', json.dumps({"of": "MARK", "tally": {}, "tables": {}})])
def test_what_cannot_be_read_is_made_anew(tmp_path, text):
    store = audit(write_mirror(tmp_path / "hub", BASE), tmp_path / "out")
    mark = (store.folder / "hub" / "done").read_text()
    (store.folder / "hub" / "totals.json").write_text(text.replace("MARK", mark), encoding="utf-8")
    assert totals(store).tally.cards == 1


def test_a_quiet_audit_keeps_its_results_and_says_nothing(tmp_path):
    write_mirror(tmp_path / "mirror", BASE)
    done = run("audit", "mirror", "--out", "out", "--jobs", "1", "-q", "--site", "pages", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out" / "run.json").is_file()
    assert (tmp_path / "pages" / "index.html").is_file()


@pytest.mark.parametrize(("mirror", "told"), [("mirror", True), ("listing:all.jsonl", False)])
def test_a_copy_without_its_weights_is_given_as_a_listing(tmp_path, mirror, told):
    write_mirror(tmp_path / "mirror", BASE)
    files = [{"path": "README.md"}, {"path": "model.safetensors", "size": 400_000_000}]
    row = {"path": "mirror/acme/letters", "id": "acme/letters", "kind": "model", "files": files}
    (tmp_path / "all.jsonl").write_text(json.dumps(row) + "\n")
    done = run("audit", mirror, "--out", "out", "--jobs", "1", "--select", "ART005", cwd=tmp_path)
    assert ("ART005" in done.stdout) is told
    again = run("audit", mirror, "--out", "out", "--jobs", "1", "--select", "ART005", cwd=tmp_path)
    assert "0 opened and 1 reused" in again.stdout


def test_a_listing_with_a_fault_is_told_with_its_line(tmp_path):
    (tmp_path / "all.jsonl").write_text('{"path": "nowhere"}\n')
    done = run("audit", "listing:all.jsonl", "--out", "out", "--jobs", "1", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "cardlint: all.jsonl:1: nowhere: no such file or folder\n")
