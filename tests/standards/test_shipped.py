"""Every standard that ships: its controls have a source, lead into the facts, and name rules that exist and are stable."""

from __future__ import annotations

import re

import pytest

from cardlint.card.sections.types import SECTION_NAMES
from cardlint.data import vocabulary
from cardlint.facts import repo as repo_facts
from cardlint.standards.faults import demand_faults, pointer_faults, shared_evidence
from cardlint.standards.load import find_standard, shipped_files, shipped_ids
from tests.standards.pairs import RULES

STANDARDS = [find_standard(name, RULES) for name in shipped_ids()]
CONTROLS = [control for standard in STANDARDS for control in standard.controls]
NAMES = [f"{standard.id} {control.id}" for standard in STANDARDS for control in standard.controls]
BY_CODE = {rule.code: rule for rule in RULES}
FIELDS = {
    "config": repo_facts._CONFIG,
    "adapter": repo_facts._ADAPTER,
    "tokenizer": repo_facts._TOKENIZER,
    "diffusers": repo_facts._DIFFUSERS,
    "sentence_transformers": repo_facts._SENTENCE,
    "spacy": repo_facts._SPACY,
    "merge": repo_facts._MERGE,
    "weights": ("formats", "main", "parameters", "dtypes", "checkpoints", "gguf", "pickles"),
}


def _leaves(demands):
    for each in demands:
        yield from _leaves(each.any) if each.any else (each,)


def test_files_are_called_as_their_standards():
    assert [each.name for each in shipped_files()] == [f"{standard.id}.yaml" for standard in STANDARDS]


@pytest.mark.parametrize("standard", STANDARDS, ids=lambda standard: standard.id)
def test_standard_has_a_source_with_an_address_or_a_document(standard):
    assert re.search(r"https?://|doi|documentation|Regulation|ISO/IEC", standard.source)
    assert standard.controls


@pytest.mark.parametrize("control", CONTROLS, ids=NAMES)
def test_control_leads_into_the_facts(control):
    for demand in _leaves(control.evidence):
        if not demand.at:
            continue
        assert list(pointer_faults(demand.at, "")) == []
        part, *rest = demand.at.split("/")[1:]
        if part == "sections":
            assert any(rest[0] in SECTION_NAMES[kind] for kind in control.kinds), demand.at
        if part == "repo" and len(rest) > 1:
            assert rest[1] in FIELDS[rest[0]], demand.at


@pytest.mark.parametrize("control", CONTROLS, ids=NAMES)
def test_control_names_rules_that_are_stable_and_of_its_kinds(control):
    for code in control.rules:
        assert BY_CODE[code].status == "stable"
        assert set(BY_CODE[code].applies_to) & set(control.kinds), code


@pytest.mark.parametrize("name", sorted(shared_evidence()))
def test_shared_evidence_is_well_formed_and_used(name):
    assert list(demand_faults(shared_evidence()[name], "")) == []
    assert any(f"use: {name}" in file.read_text(encoding="utf-8") for file in shipped_files())


def test_metadata_that_controls_point_at_are_keys_that_cards_have():
    fields = vocabulary("fields")
    known = {*fields["ids"], *fields["community"], "version", "date", "release_date"}
    asked = {each.at.split("/")[2] for control in CONTROLS for each in _leaves(control.evidence) if each.at.startswith("/metadata/")}
    assert asked - known == set()
