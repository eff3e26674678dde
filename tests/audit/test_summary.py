"""What an audit prints first: counts that exclude each other as those of its pages do, and tables that tell where they are cut."""

from __future__ import annotations

import pytest

pytest.importorskip("duckdb")

from cardlint.audit.part import Part
from cardlint.audit.rows import Auditor
from cardlint.audit.store import Store
from cardlint.audit.summary import connect, render, summary
from cardlint.card.sections import SECTION_NAMES
from cardlint.engine.batch import Plan
from cardlint.site.tables import health
from cardlint.sources.paths import from_path
from tests.hub.mirrors import write_mirror

OPEN = "# Gulls\n\nIt counts gulls.\n\n## Training data\n\nMore information needed\n"
CARDS = {
    "acme/told-above": f"---\nlicense: mit\ndatasets: [acme/calls]\n---\n{OPEN}",
    "acme/open": f"---\nlicense: mit\n---\n{OPEN}",
    "acme/told": "---\nlicense: mit\n---\n# Gulls\n\n## Training data\n\nIt was trained on 4,000 photographs of gulls in four harbours.\n",
}


@pytest.fixture
def audited(tmp_path):
    """The audit's views, of the cards above."""
    auditor, store = Auditor(Plan((), {})), Store(tmp_path / "out")
    store.prepare()
    with Part(store.folder, "part") as part:
        for number, entry in enumerate(from_path(write_mirror(tmp_path / "hub", CARDS))):
            part.add(auditor.row(entry, b"%16d" % number))
    return connect(tmp_path / "out")


def test_a_placeholder_beside_an_answer_is_counted_as_the_answer(audited):
    row = next(each for each in summary(audited)["sections"] if each["name"] == "training_data")
    assert (row["repos"], row["documented"], row["placeholder"]) == (3, 2, 1)


def test_the_counts_are_those_of_the_pages(audited):
    rows = audited.execute("select kind, sections from repos").fetchall()
    letters = [health({"kind": kind, "sections": sections}) for kind, sections in rows]
    for row in summary(audited)["sections"]:
        column = [each[SECTION_NAMES["model"].index(row["name"])] for each in letters]
        assert (row["placeholder"], row["thin"]) == (column.count("p"), column.count("t")), row["name"]
        assert row["documented"] == len(column) - column.count("p") - column.count("-"), row["name"]


def test_a_table_tells_how_many_rows_it_leaves_out():
    rows = [{"code": "LIC001", "name": "missing-license", "findings": 3, "repos": 2, "of_all": 27}] * 25
    text = render({"kinds": [], "sections": [], "licenses": [], "standards": [], "rules": rows})
    assert text.endswith("\n    and 2 more\n")
    assert " more" not in render({"kinds": [], "sections": [], "licenses": [], "standards": [], "rules": [{**rows[0], "of_all": 1}]})
