"""``audit diff``: what came, what went, what stayed, and why."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.audit.conftest import audit, card, run

BEFORE = {
    "acme/same": card("same", base_model="acme/same"),
    "acme/mended": card("mended", declared="apache2"),
    "acme/broken": card("broken"),
    "acme/freed": card("freed", declared="cc-by-nc-4.0"),
    "acme/gone": card("gone", declared="apache2"),
}
AFTER = {
    "acme/mended": card("mended", declared="apache-2.0"),
    "acme/broken": card("broken", declared="gpl3"),
    "acme/freed": card("freed"),
    "acme/gone": None,
    "acme/fresh": card("fresh", declared="apache2", words="[More Information Needed]"),
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """The folder that holds the audits ``a`` and ``b``."""
    folder = tmp_path_factory.mktemp("diff")
    audit(folder, BEFORE, "a")
    audit(folder, AFTER, "b")
    return folder


@pytest.fixture(scope="module")
def found(pair):
    """The comparison as JSON."""
    return json.loads(run("audit", "diff", "a", "b", "--format", "json", "--persisting", cwd=pair).stdout)


def of(found, state, repo):
    return {(row["code"], row["because"]) for row in found["changes"] if row["state"] == state and row["id"] == repo}


def test_findings_are_new_fixed_or_persist(found):
    assert {code[:3] for code, _ in of(found, "new", "acme/broken")} == {"LIC"}
    assert of(found, "fixed", "acme/mended")
    assert of(found, "persisting", "acme/same")
    assert not of(found, "new", "acme/same")
    assert not of(found, "fixed", "acme/same")


def test_a_repository_that_came_or_went_says_so(found):
    assert {because for _, because in of(found, "new", "acme/fresh")} == {"the repository is new"}
    assert {because for _, because in of(found, "fixed", "acme/gone")} == {"the repository is gone"}
    assert found["repos"] == {"new": 1, "gone": 1, "both": 4}


def test_licence_drift_tells_what_it_means(found):
    drift = {row["id"]: (row["before"], row["after"], row["effect"]) for row in found["licenses"]}
    assert drift["acme/freed"] == (["cc-by-nc-4.0"], ["mit"], "grants commercial use now")
    assert "acme/same" not in drift
    assert "acme/fresh" not in drift


def test_a_rule_that_did_not_run_before_brings_no_new_fault(cardlint, tmp_path):
    audit(tmp_path, {"acme/x": card("x", declared="apache2")}, "a", "--ignore", "LIC")
    audit(tmp_path, {}, "b")
    found = json.loads(cardlint("audit", "diff", "a", "b", "--format", "json").stdout)
    assert {row["because"] for row in found["changes"] if row["code"].startswith("LIC")} == {"the rule did not run before"}
    assert cardlint("audit", "diff", "a", "b", "--fail-on", "note").returncode == 0


def test_sections_that_were_gained_and_lost(cardlint, tmp_path):
    audit(tmp_path, {"acme/x": card("x"), "acme/y": card("y", words="")}, "a")
    audit(tmp_path, {"acme/x": card("x", words=""), "acme/y": card("y")}, "b")
    found = json.loads(cardlint("audit", "diff", "a", "b", "--format", "json").stdout)
    (row,) = [row for row in found["sections"] if (row["kind"], row["section"]) == ("model", "limitations")]
    assert (row["documented_before"], row["documented_after"], row["gained"], row["lost"]) == (1, 1, 1, 1)


def test_a_card_that_is_taken_away_loses_its_sections(cardlint, tmp_path):
    audit(tmp_path, {"acme/x": card("x"), "acme/y": card("y")}, "a")
    (tmp_path / "mirror" / "acme" / "y" / "README.md").rename(tmp_path / "mirror" / "acme" / "y" / ".gitattributes")
    audit(tmp_path, {}, "b")
    found = json.loads(cardlint("audit", "diff", "a", "b", "--format", "json").stdout)
    (row,) = [row for row in found["sections"] if (row["kind"], row["section"]) == ("model", "limitations")]
    assert (row["repos_before"], row["documented_before"], row["repos_after"], row["documented_after"], row["lost"]) == (2, 2, 2, 1, 1)


def test_equal_audits_differ_in_nothing(pair):
    done = run("audit", "diff", "a", "a", cwd=pair)
    assert "findings: 0 new, 0 fixed" in done.stdout
    assert "licence drift" not in done.stdout
    assert run("audit", "diff", "a", "a", "--format", "csv", cwd=pair).stdout.count("\n") == 1


def test_new_findings_can_fail_the_run(pair):
    assert run("audit", "diff", "a", "a", "--fail-on", "note", cwd=pair).returncode == 0
    assert run("audit", "diff", "a", "b", "--fail-on", "error", cwd=pair).returncode == 1


def test_csv_holds_the_changes(pair, found):
    rows = list(csv.DictReader(io.StringIO(run("audit", "diff", "a", "b", "--format", "csv", cwd=pair).stdout)))
    assert {row["state"] for row in rows} == {"new", "fixed"}
    assert len(rows) == sum(row["state"] != "persisting" for row in found["changes"])


def test_text_sums_up(pair):
    text = run("audit", "diff", "a", "b", cwd=pair).stdout
    assert "repositories: 4 in both, 1 new, 1 gone" in text
    assert "of the new: the repository is new" in text
    assert "grants commercial use now" in text


def test_markdown_tells_new_findings_and_folds_the_rest(pair, found):
    text = run("audit", "diff", "a", "b", "--format", "markdown", cwd=pair).stdout
    new = [row for row in found["changes"] if row["state"] == "new"]
    assert f"**{len(new)}** new findings (" in text
    told = text.split("### New findings", 1)[1].split("<details>", 1)[0]
    assert all(row["code"] in told for row in new if row["severity"] == "error")
    for title in ("Fixed findings", "Rules", "Licence drift&#58; 3 repositories"):
        assert f"<details><summary>{title}</summary>" in text
    assert "acme/freed | model | cc-by-nc-4.0 | mit | grants commercial use now" in text
    assert text.count("<details>") == text.count("</details>")


def test_markdown_bounds_its_rows_and_counts_what_it_leaves_out(pair, found):
    text = run("audit", "diff", "a", "b", "--format", "markdown", "--limit", "1", cwd=pair).stdout
    new = [row for row in found["changes"] if row["state"] == "new"]
    told = text.split("### New findings", 1)[1].split("<details>", 1)[0]
    assert told.count("| acme/") == 1
    assert "| error |" in told
    assert f"{len(new) - 1} more are not shown." in told


def test_markdown_shows_what_cards_say_as_it_is(cardlint, tmp_path):
    audit(tmp_path, {"acme/x": card("x")}, "a")
    audit(tmp_path, {"acme/x": card("x", declared="'<img src=x> @all | [a](http://b)'")}, "b")
    text = cardlint("audit", "diff", "a", "b", "--format", "markdown").stdout
    assert "&#60;img src=x&#62;" in text
    assert not any(each in text for each in ("<img", "@all", "](http"))


def test_markdown_of_equal_audits_is_its_counts(pair):
    text = run("audit", "diff", "a", "a", "--format", "markdown", cwd=pair).stdout
    assert text.startswith("## cardlint: what changed\n\n**0** new findings, **0** fixed, ")
    assert "|" not in text


def test_a_folder_without_an_audit_is_named(pair):
    done = run("audit", "diff", "a", "nowhere", cwd=pair)
    assert done.returncode == 2
    assert "nowhere: no finished audit is here" in done.stderr
