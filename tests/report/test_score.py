"""The documentation score: what earns points, that the derivation adds up, and that facts and audit rows agree."""

from __future__ import annotations

import pytest

from cardlint.card.sections.types import SECTION_NAMES
from cardlint.data import vocabulary
from cardlint.model import KINDS, CardlintError
from cardlint.report.score import DECLARED, score, score_of_facts, score_of_row, score_record
from cardlint.sources.entry import Entry

POLICIES = vocabulary("documentation_score")["policies"]


def got(kind="model", declared=None, **sections):
    return {part.name: (part.got, part.why) for part in score(kind, sections, declared or {}).parts}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_names_real_evidence_and_sums_to_100(policy, kind):
    parts = POLICIES[policy]["parts"][kind]
    assert sum(part["weight"] for part in parts) == 100
    for source, _, name in (evidence.partition(":") for part in parts for evidence in part["any"]):
        assert name in {"section": SECTION_NAMES[kind], "text": SECTION_NAMES[kind], "declared": DECLARED}[source]
    told = {evidence.partition(":")[2] for part in parts for evidence in part["any"]}
    assert told >= set(SECTION_NAMES[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_an_absent_card_has_no_points(kind):
    none = score(kind, {}, {})
    assert (none.value, none.of) == (0, 100)
    assert {part.why for part in none.parts} == {"absent"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_that_answers_everything_has_all_points(kind):
    sections = dict.fromkeys(SECTION_NAMES[kind], ("substantive", "body"))
    assert score(kind, sections, {"licenses": ["mit"], "base_models": ["a/b"]}).value == 100


@pytest.mark.parametrize(
    ("section", "points", "why"),
    [
        (("substantive", "body"), 11, "substantive in the text"),
        (("thin", "body"), 5.5, "thin: a few words or boilerplate"),
        (("placeholder", "none"), 0, "only a placeholder"),
        (("placeholder", "metadata"), 11, "answered by the metadata"),
        (("thin", "files"), 11, "answered by the files"),
    ],
)
def test_a_part_earns_its_best_evidence(section, points, why):
    assert got(training_data=section)["training_data"] == (points, why)


def test_what_is_declared_is_named():
    parts = got(declared={"licenses": ["mit", "apache-2.0"], "base_models": ["acme/base"]})
    assert parts["license"] == (12, "declared licenses: mit and 1 more")
    assert parts["origin"] == (4, "declared base models: acme/base")


def test_an_unknown_licence_is_none():
    assert got(declared={"licenses": ["unknown"]}, license=("absent", "metadata"))["license"] == (0, "absent")


def test_a_declared_value_cannot_change_direction_or_line():
    assert got(declared={"licenses": ["mit\u202e\n#"]})["license"][1] == "declared licenses: mit\\u202e #"


def test_the_points_are_the_sum_of_the_parts():
    one = score("model", {"limitations": ("thin", "body"), "citation": ("substantive", "body")}, {"licenses": ["mit"]})
    assert one.value == sum(part.got for part in one.parts) == 6 + 2 + 12
    assert score_record(one)["parts"][0] == {"name": "intended_use", "weight": 12, "got": 0, "why": "absent"}


def test_facts_and_the_row_of_an_audit_agree():
    from cardlint.audit.rows import Auditor
    from cardlint.engine.batch import Plan
    from cardlint.facts.subject import Subject

    text = (
        b"---\nlicense: mit\nbase_model: acme/base\n---\n# Gull\n## Limitations\nIt fails at night, in rain and on islands nobody tried.\n"
    )
    entry = Entry("README.md", None, path="README.md", text=text)
    row = Auditor(Plan((), {})).row(entry).repo
    assert score_of_row(row) == score_of_facts(Subject(entry).facts)
    assert score_of_row(row).value >= 12 + 4 + 12


def test_an_unknown_policy_is_refused():
    with pytest.raises(CardlintError, match="no score policy 'defualt'; there are default"):
        score("model", {}, {}, "defualt")
