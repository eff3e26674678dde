"""The facts document: its schema, its laziness, and what files answer."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from cardlint.data import schema
from cardlint.facts.document import PARTS, kind_by_content, kind_by_name
from cardlint.facts.subject import Subject
from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry

CARD = """---
license: [mit, other]
language: en
tags: [a, 1, null]
---
# Tidewater

Fine-tuned from acme/base on the gauge readings.

## Limitations

It reads numbers of up to five digits and fails on blurred photographs.
"""


def subject_of(text, **known):
    return Subject(Entry("README.md", None, text=text.encode(), **known))


def test_facts_follow_the_schema():
    facts = subject_of(CARD, id="acme/tidewater").facts.whole()
    assert list(Draft202012Validator(schema("facts")).iter_errors(json.loads(json.dumps(facts)))) == []


def test_schema_names_every_part():
    assert set(schema("facts")["properties"]) == {"input", "id", *PARTS}


def test_only_what_is_asked_for_is_built():
    facts = subject_of(CARD).facts
    assert facts["declared"]["licenses"] == ["mit", "other"]
    assert "sections" not in facts.keys()  # noqa: SIM118  # a look at what is there must not build it


def test_declared_values_are_texts_without_nulls():
    assert subject_of(CARD).facts["declared"]["tags"] == ["a", "1"]


def test_unknown_part_is_a_key_error():
    with pytest.raises(KeyError):
        subject_of(CARD).facts["nonsense"]


def test_license_file_answers_the_license_section():
    text = "# A model\n\nIt counts gulls.\n"
    bare = subject_of(text).facts["sections"]["license"]
    beside = subject_of(text, files=(FileEntry("LICENSE", 10), FileEntry("README.md", 10))).facts["sections"]["license"]
    assert (bare["documented"], beside["documented"]) == ("none", "files")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("---\nsdk: gradio\nemoji: x\n---\n", "space"),
        ("---\ntask_categories: [x]\n---\n", "dataset"),
        ("---\npretty_name: Gulls\n---\n", "dataset"),
        ("---\nsource_datasets: [original]\n---\n", "dataset"),
        ("---\npretty_name: Gulls\nbase_model: a/b\n---\n", None),
        ("---\ntask_ids: [x]\npipeline_tag: y\n---\n", None),
        ("---\nconfigs:\n- config_name: default\n  data_files: a.csv\n---\n", "dataset"),
        ("---\nviewer: false\n---\n", "dataset"),
        ("---\nlicense: mit\n---\n# Dataset Card for Gulls\n", "dataset"),
        ("# DATA_CARD (gulls)\n", "dataset"),
        ("---\nconfigs: [small, large]\n---\n", None),
        ("---\nlibrary_name: x\nconfigs:\n- config_name: default\n---\n# Dataset card\n", None),
        ("# Model and dataset card\n", None),
        ("# Gulls\n\n## Dataset card\n", None),
        ("---\nlicense: mit\n---\n", None),
        ("# no metadata\n", None),
    ],
)
def test_kind_is_told_by_decisive_content_only(text, kind):
    assert kind_by_content(subject_of(text).card) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("DATASET_CARD.md", "dataset"),
        ("hf_dataset_card.md", "dataset"),
        ("data-card.md", "dataset"),
        ("README.md", None),
        ("MODEL_CARD.md", None),
    ],
)
def test_kind_is_told_by_the_name_of_the_file(name, kind):
    assert kind_by_name(name) == kind


def test_content_wins_over_the_name_of_the_file(tmp_path):
    card = tmp_path / "DATASET_CARD.md"
    for text, told in (("# Gulls\n", ("dataset", "name")), ("---\nsdk: gradio\nemoji: x\n---\n", ("space", "content"))):
        card.write_text(text, encoding="utf-8")
        subject = Subject(Entry(str(card), str(card), path=card.name))
        assert (subject.card.kind, subject.kind_from) == told


def test_given_kind_wins_over_content():
    subject = subject_of("---\nsdk: gradio\nemoji: x\n---\n", kind="model", kind_from="manifest")
    assert (subject.card.kind, subject.kind_from) == ("model", "manifest")


def test_facts_of_real_cards_follow_the_schema(real_cards):
    validator = Draft202012Validator(schema("facts"))
    for row in real_cards[::400]:
        facts = subject_of(row["text"], id=row["id"], kind=row["kind"], kind_from="manifest").facts.whole()
        assert list(validator.iter_errors(json.loads(json.dumps(facts, default=str)))) == [], row["id"]
