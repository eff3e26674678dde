"""``audit query`` and ``audit repo``: answers, and what SQL must not reach."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

import pytest

from cardlint.audit.ask import locked, select
from cardlint.model import CardlintError
from tests.audit.conftest import audit, card, run, write

CARDS = {
    "acme/base": card("base"),
    "acme/tuned": card("tuned", base_model="acme/base", pipeline_tag="text-generation"),
    "acme/other": card("other", base_model="acme/base").replace("language: en\n", ""),
    "datasets/acme/base": card("data"),
    "vendor/closed": card("closed", declared="cc-by-nc-4.0"),
    "north/opened": card("opened", base_model="vendor/closed"),
    "north/grandchild": card("grandchild", base_model="north/opened"),
    "north/stray": card("stray", base_model="elsewhere/unseen"),
    "vendor/own": card("own", base_model="vendor/closed"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The folder of an audit of `CARDS`."""
    return audit(tmp_path_factory.mktemp("query"), CARDS, "out")


@pytest.fixture
def ask(store):
    """Ask that audit."""
    return partial(run, "audit", "query", "out", cwd=store.parent)


def test_sql_reads_the_views(ask):
    done = ask("select kind, count(*) as repos from repos group by kind order by kind", "--format", "json")
    assert json.loads(done.stdout) == [{"kind": "dataset", "repos": 1}, {"kind": "model", "repos": 8}]


def test_tables_and_columns_can_be_listed(ask):
    assert {"repos", "findings", "edges"} <= {row["name"] for row in json.loads(ask("show tables", "--format", "json").stdout)}
    assert "licenses" in ask("describe repos").stdout


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/hostname')",
        "select * from read_csv('../mirror/acme/base/README.md')",
        "select * from '/etc/passwd'",
        "select * from glob('/etc/*')",
        "select * from read_parquet('https://example.com/x.parquet')",
        "copy repos to 'stolen.csv'",
        "copy (select 1) to 'out/stolen.csv'",
        "explain analyze copy (select 1) to 'out/stolen.csv'",
        "attach 'stolen.db'",
        "set enable_external_access = true",
        "install httpfs",
        "create table t as select 1",
        "drop view repos",
        "select 1; select 2",
        "call pragma_version()",
        "",
        "selec 1",
    ],
)
def test_sql_reaches_nothing_else(store, monkeypatch, sql):
    monkeypatch.chdir(store.parent)
    before = sorted(store.parent.rglob("*"))
    with locked(Path("out")) as connection, pytest.raises(CardlintError) as refused:
        list(select(connection, sql)[1])
    assert "\n" not in str(refused.value)
    assert sorted(store.parent.rglob("*")) == before


def test_a_refusal_is_one_line(ask):
    done = ask("copy repos to 'stolen.csv'")
    assert done.returncode == 2
    assert done.stderr == "cardlint: only one SELECT can be asked: an audit is never changed by a question\n"


def test_a_query_without_end_is_stopped(ask):
    done = ask("select count(*) from range(100000000000) a, range(100000000000) b", "--timeout", "0.5")
    assert done.returncode == 2
    assert "took longer than 0.5 s" in done.stderr


def test_a_query_keeps_to_its_memory(ask):
    done = ask(
        "select sum(len(a)) from (select list(x) as a from range(200000000) t(x) group by x % 3)", "--memory", "100MB", "--timeout", "60"
    )
    assert done.returncode == 2
    assert "emory" in done.stderr


def test_rows_left_off_are_counted(ask):
    done = ask("select * from range(250) t(n)")
    assert len(done.stdout.splitlines()) == 102
    assert "and 150 more" in done.stdout
    assert len(ask("select * from range(250) t(n)", "--limit", "0").stdout.splitlines()) == 251


def test_nothing_and_two_things_are_refused(ask):
    assert ask().returncode == ask("select 1", "--gaps").returncode == 2


def test_gaps_are_weighted_by_who_builds_on_a_card(ask):
    rows = json.loads(ask("--gaps", "--format", "json").stdout)
    assert rows[0]["id"] == "acme/base"
    assert rows[0]["kind"] == "model"
    assert (rows[0]["reach"], rows[0]["reach_by"]) == (2, "dependents")
    assert "limitations" not in rows[0]["missing"]
    assert [row["weight"] for row in rows] == sorted((row["weight"] for row in rows), reverse=True)


@pytest.fixture(scope="module")
def commercial(store):
    """The answers on commercial use by id."""
    done = run("audit", "query", "out", "--use", "commercial", "--answer", "all", "--format", "json", cwd=store.parent)
    return {(row["id"], row["kind"]): row for row in json.loads(done.stdout)}


@pytest.mark.parametrize(
    ("repo", "answer", "because", "path"),
    [
        ("acme/base", "yes", "", "acme/base (mit)"),
        ("acme/tuned", "yes", "", "acme/tuned (mit)"),  # the base's owner is its own
        ("vendor/closed", "no", "its licence forbids it", "vendor/closed (cc-by-nc-4.0)"),
        ("north/opened", "no", "the licence of vendor/closed forbids it", "north/opened (mit) ← vendor/closed (cc-by-nc-4.0)"),
        (
            *("north/grandchild", "no", "the licence of vendor/closed, 2 hops up, forbids it"),
            "north/grandchild (mit) ← north/opened (mit) ← vendor/closed (cc-by-nc-4.0)",
        ),
        ("north/stray", "unknown", "elsewhere/unseen lies outside this audit", "north/stray (mit) ← elsewhere/unseen (not in this audit)"),
        ("vendor/own", "yes", "", "vendor/own (mit)"),
    ],
)
def test_what_may_be_used_commercially(commercial, repo, answer, because, path):
    row = commercial[repo, "model"]
    assert (row["answer"], row["because"], row["path"]) == (answer, because, path)


def test_duties_go_with_what_may_be_used(commercial):
    assert commercial["acme/base", "model"]["duties"] == ["notice"]
    assert commercial["vendor/closed", "model"]["duties"] == []


def test_the_path_that_decides_is_shown_whole(ask):
    said = ask("--use", "commercial", "--answer", "no").stdout
    assert "north/grandchild (mit) ← north/opened (mit) ← vendor/closed (cc-by-nc-4.0)\n" in said


def test_uses_are_counted(ask):
    assert "research use: 8 yes, 0 no, 1 unknown" in ask("--use", "research").stdout


def test_an_audit_without_lineage_says_so(tmp_path):
    audit(tmp_path, {"acme/x": card("x")}, "out")
    (tmp_path / "out" / "hub" / "lineage.parquet").unlink()
    done = run("audit", "query", "out", "--use", "commercial", cwd=tmp_path)
    assert done.returncode == 2
    assert "no lineage" in done.stderr


def test_answers_are_safe_on_a_terminal_and_in_a_spreadsheet(ask):
    sql = "select chr(27) || '[31m' || chr(8238) || chr(7) as a, '=1+1' as b, '-2' as c, -2 as d, [chr(27)] as e"
    for arguments in ((), ("--format", "csv"), ("--format", "json")):
        text = ask(sql, *arguments).stdout
        assert all(char.isprintable() or char == "\n" for char in text)
    (row,) = csv.DictReader(io.StringIO(ask(sql, "--format", "csv").stdout))
    assert (row["b"], row["c"], row["d"]) == ("'=1+1", "'-2", "-2")
    assert json.loads(ask(sql, "--format", "json").stdout)[0]["a"] == "\x1b[31m\u202e\x07"


def test_repo_tells_of_one_repository(store):
    cardlint = partial(run, cwd=store.parent)
    text = cardlint("audit", "repo", "out", "ACME/Tuned").stdout
    assert text.startswith("model acme/tuned\n")
    assert "documentation score" in text
    assert "base_model  acme/base" in text
    found = json.loads(cardlint("audit", "repo", "out", "acme/base", "--kind", "model", "--format", "json").stdout)
    assert found["built_on_it"] == [{"relation": "base_model", "repos": 2, "some": ["acme/other", "acme/tuned"]}]
    assert found["repo"]["licenses"] == ["mit"]


def test_repo_asks_which_of_two_kinds_is_meant(store):
    cardlint = partial(run, cwd=store.parent)
    done = cardlint("audit", "repo", "out", "acme/base")
    assert done.returncode == 2
    assert "--kind" in done.stderr


def test_repo_names_the_nearest(store):
    cardlint = partial(run, cwd=store.parent)
    done = cardlint("audit", "repo", "out", "acme/tunde")
    assert done.returncode == 2
    assert "did you mean acme/tuned?" in done.stderr
    assert "did you mean north/opened?" in cardlint("audit", "repo", "out", "opened").stderr


def test_a_mirror_may_be_called_like_a_question(cardlint, tmp_path):
    write(tmp_path / "diff", {"acme/x": card("x")})
    assert cardlint("audit", "diff", "--out", "out").returncode == 0


def test_a_misspelt_question_is_named(cardlint):
    done = cardlint("audit", "qeury", "out", "select 1")
    assert done.returncode == 2
    assert "did you mean 'query'" in done.stderr


def test_help_tells_of_the_audit_and_of_the_questions(cardlint):
    text = cardlint("audit", "--help").stdout
    assert "--out DIR" in text
    assert "audit diff" in text
    assert "DIR [SQL]" in cardlint("audit", "query", "--help").stdout
