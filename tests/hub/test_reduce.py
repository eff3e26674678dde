"""The reduce phase: set facts and hub rules over a whole mirror, the same as one repository judged against its results."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from cardlint.data import schema
from cardlint.engine.batch import Judge
from cardlint.hub import open_hub
from cardlint.hub.hub import HubSource
from cardlint.sources.paths import from_path
from tests.hub.mirrors import audit, card, plan, rows, write_mirror

FAMILY = {
    "acme/letters": card("Letters", license="cc-by-nc-4.0"),
    "bob/mail": card("Mail", license="mit", base_model="acme/letters"),
    "ann/towns": card("Towns", license="apache-2.0", base_model="bob/mail"),
    "ann/clean": card("Clean", license="cc-by-nc-4.0", base_model="bob/mail"),
    "ann/lost": card("Lost", license="mit", base_model="zoe/gone"),
}


@pytest.fixture(scope="module")
def family(tmp_path_factory):
    root = tmp_path_factory.mktemp("family")
    return write_mirror(root / "mirror", FAMILY), audit(root / "mirror", root / "out")


def test_a_conflict_is_found_two_hops_up_with_its_path(family):
    found = rows(family[1], "select id, code, message from findings where code = 'LIC402' order by id")
    assert found == [
        (
            "ann/towns",
            "LIC402",
            "cc-by-nc-4.0 forbids commercial use, apache-2.0 grants it: 'acme/letters', 2 hops up by way of 'bob/mail' (mit)",
        ),
        ("bob/mail", "LIC402", "cc-by-nc-4.0 forbids commercial use, mit grants it: base model 'acme/letters'"),
    ]


def test_lineage_is_a_view_with_paths_and_licences(family):
    found = rows(family[1], "select ancestor, hops, path, licenses, state from lineage where id = 'ann/towns' order by hops")
    assert found == [
        ("bob/mail", 1, ["bob/mail"], ["mit"], "present"),
        ("acme/letters", 2, ["bob/mail", "acme/letters"], ["mit", "cc-by-nc-4.0"], "present"),
    ]


def test_what_lies_outside_is_unknown_and_not_checked(family):
    assert rows(family[1], "select state, licenses from lineage where id = 'ann/lost'") == [("unknown", [None])]
    lines = (family[1].folder / "report.jsonl").read_text().splitlines()
    record = next(each for each in map(json.loads, lines) if each.get("repo") == "ann/lost")
    assert "LIN101" in record["not_checked"]["'zoe/gone' lies outside this mirror"]


def test_an_owner_that_is_complete_has_absent_repositories(tmp_path):
    store = audit(write_mirror(tmp_path / "mirror", FAMILY), tmp_path / "out", complete=("zoe",))
    assert rows(store, "select id, message from findings where code = 'LIN101'") == [
        ("ann/lost", "base model 'zoe/gone' is not on the hub")
    ]


def of_two_kinds(tmp_path, **known):
    repos = {
        "models/ann/chat": card("Chat", license="mit", base_model="acme/mail", datasets="[acme/letters]"),
        "models/acme/letters": card("Letters", license="mit"),
        "datasets/acme/mail": card("Mail", license="mit"),
    }
    store = audit(write_mirror(tmp_path / "mirror", repos), tmp_path / "out", "LIN101", "LIN102", "DAT201", "DAT202", **known)
    return rows(store, "select code from findings order by code")


def test_a_mirror_that_holds_one_of_two_kinds_does_not_tell_that_the_other_is_not_there(tmp_path):
    assert of_two_kinds(tmp_path) == []


def test_a_complete_mirror_tells_what_is_of_another_kind(tmp_path):
    assert of_two_kinds(tmp_path, complete=("acme",)) == [("DAT202",), ("LIN102",)]


def test_a_complete_mirror_of_models_does_not_tell_that_data_is_not_there(tmp_path):
    repos = {"ann/chat": card("Chat", license="mit", base_model="acme/gone", datasets="[acme/gone]")}
    store = audit(write_mirror(tmp_path / "mirror", repos), tmp_path / "out", "LIN101", "DAT201", complete=("*",))
    assert rows(store, "select code from findings order by code") == [("LIN101",)]


def test_what_the_configuration_says_of_the_world_holds_for_an_audit(tmp_path):
    write_mirror(tmp_path / "mirror", {"ann/lost": card("Lost", base_model="zoe/gone")})
    (tmp_path / "cardlint.toml").write_text('complete = ["zoe"]\n')
    asked = ["audit", "mirror", "--out", "out", "--jobs", "1", "--select", "LIN101", "--config", "cardlint.toml"]
    done = subprocess.run([sys.executable, "-m", "cardlint", *asked], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "LIN101" in done.stdout, done.stderr


def test_the_report_and_the_table_of_repositories_count_hub_findings(family):
    lines = (family[1].folder / "report.jsonl").read_text().splitlines()
    record = next(each for each in map(json.loads, lines) if each.get("repo") == "ann/towns")
    assert [each["code"] for each in record["findings"] if each["severity"] == "error"] == ["LIC402"]
    assert rows(family[1], "select errors from repos where id = 'ann/towns'") == [(1,)]


def test_one_card_against_the_audit_has_the_findings_of_the_audit(family):
    mirror, store = family
    judge = Judge(plan()._replace(later=False, hub=HubSource(str(store.folder))))
    alone = {
        (each.repo, found.code, found.message, found.fingerprint, found.span)
        for each in map(judge, from_path(mirror))
        for found in each.findings
    }
    lines = map(json.loads, (store.folder / "report.jsonl").read_text().splitlines())
    together = {
        (each["repo"], found["code"], found["message"], found["fingerprint"], tuple(found["span"].values()))
        for each in lines
        if each.get("type") == "card"
        for found in each["findings"]
    }
    assert {(*each[:4], tuple(each[4])) for each in alone} == together
    assert len(together) > 3


def test_results_after_a_change_are_those_of_a_run_from_scratch(tmp_path):
    mirror = write_mirror(tmp_path / "mirror", FAMILY)
    audit(mirror, tmp_path / "grown")
    write_mirror(mirror, {"acme/letters": card("Letters", license="mit")})
    grown, fresh = audit(mirror, tmp_path / "grown"), audit(mirror, tmp_path / "fresh")
    assert rows(grown, "select * from findings where code like 'LIC40%'") == []
    assert (grown.folder / "report.jsonl").read_bytes() == (fresh.folder / "report.jsonl").read_bytes()
    for name in ("lineage.parquet", "copies.parquet", "counts.parquet", "cards.jsonl", "index.sqlite"):
        assert (grown.folder / "hub" / name).read_bytes() == (fresh.folder / "hub" / name).read_bytes(), name


def test_several_processes_judge_as_one_does(tmp_path):
    bases = {f"acme/base-{n}": card(license="cc-by-nc-4.0") for n in range(3)}
    made = {f"maker-{n}/tuned": card(license="mit", base_model=f"acme/base-{n % 4}") for n in range(520)}
    mirror = write_mirror(tmp_path / "mirror", bases | made)
    one, two = (audit(mirror, tmp_path / f"by-{jobs}", jobs=jobs) for jobs in (1, 2))
    for name in ("findings/hub.parquet", "hub/cards.jsonl", "hub/copies.parquet", "hub/counts.parquet", "report.jsonl"):
        assert (one.folder / name).read_bytes() == (two.folder / name).read_bytes()
    assert rows(two, "select count(distinct input) from findings where code like 'LIC4%'")[0][0] >= 250


def test_nothing_is_computed_again_where_nothing_changed(tmp_path):
    mirror = write_mirror(tmp_path / "mirror", FAMILY)
    store = audit(mirror, tmp_path / "out")
    before = (store.folder / "hub" / "index.sqlite").stat().st_mtime_ns
    audit(mirror, tmp_path / "out")
    assert (store.folder / "hub" / "index.sqlite").stat().st_mtime_ns == before


def test_the_index_is_never_written_to(family):
    hub = open_hub(family[1].folder)
    with pytest.raises(sqlite3.OperationalError):
        hub.index._file.execute("delete from nodes")
    hub.index.close()


def test_check_takes_an_audit_as_hub(family, cardlint):
    mirror, store = family
    options = ("--isolated", "--preview", "--select", "LIC402", "--hub", store.folder)
    run = cardlint("check", *options, mirror / "ann" / "towns", "--repo-id", "ann/towns")
    assert "2 hops up" in run.stdout
    assert run.returncode == 1


def test_a_folder_without_an_audit_is_refused(tmp_path, cardlint):
    run = cardlint("check", "--isolated", "--hub", tmp_path, tmp_path)
    assert run.returncode == 2
    assert "no results of an audit" in run.stderr


def test_facts_of_other_repositories_follow_the_schema(family, cardlint):
    mirror, store = family
    run = cardlint("show", "--format", "json", "--hub", store.folder, mirror / "ann" / "towns", "--repo-id", "ann/towns")
    facts = json.loads(run.stdout)
    assert list(Draft202012Validator(schema("facts")).iter_errors(facts)) == []
    assert [each["id"] for each in facts["hub"]["ancestors"]] == ["bob/mail", "acme/letters"]


def test_a_waiver_holds_for_findings_of_hub_scope(tmp_path, cardlint):
    mirror = write_mirror(tmp_path / "mirror", FAMILY)
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(
        "- {rule: LIC402, repos: [ann/*], reason: licensed in writing, owner: ann, expires: '2999-01-01'}\n", encoding="utf-8"
    )
    options = ("--isolated", "--preview", "--select", "LIC402", "--waivers", waivers)
    cardlint("audit", mirror, "--out", tmp_path / "out", *options)
    lines = [json.loads(line) for line in (tmp_path / "out" / "report.jsonl").read_text().splitlines()]
    found = {(each["repo"], found["suppressed"] is not None) for each in lines if each["type"] == "card" for found in each["findings"]}
    assert found == {("ann/towns", True), ("bob/mail", False)}
    assert lines[-1]["summary"]["findings"]["error"] == 1
    assert lines[-1]["summary"]["suppressed"]["waiver"] == 1


def test_an_audit_takes_a_listing_of_ids(tmp_path, cardlint):
    mirror = write_mirror(tmp_path / "mirror", FAMILY)
    (tmp_path / "ids").write_text("\n".join(FAMILY), encoding="utf-8")
    run = cardlint("audit", mirror, "--out", tmp_path / "out", "--isolated", "--select", "LIN101", "--known-ids", tmp_path / "ids")
    assert "1 error" in run.stdout
    run = cardlint("audit", mirror, "--out", tmp_path / "out", "--isolated", "--select", "LIN101", "--known-ids", tmp_path / "nowhere")
    assert run.returncode == 2


def test_a_comment_on_a_rule_of_hub_scope_is_not_called_unused_by_an_audit(tmp_path, cardlint):
    text = FAMILY["bob/mail"] + "<!-- cardlint: ignore LIC402: licensed in writing -->\n"
    mirror = write_mirror(tmp_path / "mirror", {**FAMILY, "bob/mail": text})
    cardlint("audit", mirror, "--out", tmp_path / "out", "--isolated", "--select", "LIC402,DOC901")
    lines = map(json.loads, (tmp_path / "out" / "report.jsonl").read_text().splitlines())
    assert [found["code"] for each in lines if each.get("repo") == "bob/mail" for found in each["findings"]] == ["LIC402"]


def test_hostile_numbers_of_names_stay_small(tmp_path):
    many = ", ".join(f"acme/m{number}" for number in range(5000))
    mirror = write_mirror(tmp_path / "mirror", {"ann/towns": f"---\nbase_model: [{many}]\nlicense: [{many}]\n---\n# T\n"})
    store = audit(mirror, tmp_path / "out")
    assert rows(store, "select count(*), max(hops) from lineage") == [(200, 1)]
    assert rows(store, "select max(length(document)) < 100000 from nodes") == [(True,)]
