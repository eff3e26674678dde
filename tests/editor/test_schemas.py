"""The JSON Schemas of the front matter: good cards pass, and each bad one is refused for its reason."""

from __future__ import annotations

import jsonschema
import pytest
from jsonschema import Draft202012Validator

from cardlint.api import check_text
from cardlint.card.card import Card
from cardlint.data import schema
from cardlint.editor.schemas import front_matter_schema
from cardlint.engine.loader import load, shipped_files
from cardlint.facts.document import kind_by_content

MODEL = """---
license: other
license_name: acme-research-1.0
license_link: LICENSE
language: [en, "no", deu]
pipeline_tag: text-generation
library_name: a-library-of-tomorrow
base_model: acme/base
base_model_relation: adapter
datasets:
- acme/letters
tags: [letters]
metrics: [accuracy, a-metric-of-ours]
co2_eq_emissions: {emissions: 12.5, source: codecarbon}
model-index:
- name: x
  results:
  - task: {type: text-generation}
    dataset: {type: acme/letters, name: Letters}
    metrics:
    - {type: accuracy, value: 0.9}
our_own_key: 3
---
"""
DATASET = """---
license: [mit, cc-by-4.0]
annotations_creators: [expert-generated]
size_categories: 1K<n<10K
task_categories: [text-classification]
task_ids: [topic-classification]
configs:
- config_name: default
  data_files: [{split: train, path: "*.csv"}]
dataset_info: {features: [{name: a, dtype: string}]}
viewer: false
---
"""
SPACE = """---
title: Demo
emoji: 🚀
colorFrom: red
colorTo: blue
sdk: gradio
sdk_version: 4.10.0
app_file: app.py
pinned: false
hf_oauth_scopes: [email]
license: mit
---
"""


ABSENT = {"missing-pipeline-tag", "missing-pretty-name"}
"""Rules on what is not there, which no schema demands."""


def faults(text, kind):
    metadata = Card.from_text(text, kind).front_matter.metadata
    assert metadata
    return ["/".join(map(str, error.absolute_path)) for error in Draft202012Validator(schema(f"front-matter-{kind}")).iter_errors(metadata)]


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_the_files_are_schemas_and_up_to_date(kind):
    document = schema(f"front-matter-{kind}")
    Draft202012Validator.check_schema(document)
    assert document["properties"] == front_matter_schema(kind)["properties"]
    assert all("description" in each for each in document["properties"].values())


@pytest.mark.parametrize(("text", "kind"), [(MODEL, "model"), (DATASET, "dataset"), (SPACE, "space")])
def test_good_front_matter_passes(text, kind):
    assert faults(text, kind) == []


@pytest.mark.parametrize(
    ("text", "kind", "at"),
    [
        (MODEL.replace("license: other", "license: apache2"), "model", "license"),
        (MODEL.replace("license: other", "license: [mit, MIT]"), "model", "license"),
        (MODEL.replace("[en,", "[English,"), "model", "language"),
        (MODEL.replace('"no"', "xx"), "model", "language"),
        (MODEL.replace("pipeline_tag: text-generation", "pipeline_tag: chat"), "model", "pipeline_tag"),
        (MODEL.replace("tags: [letters]", "tags: letters"), "model", "tags"),
        (MODEL.replace("relation: adapter", "relation: child"), "model", "base_model_relation"),
        (MODEL.replace("{emissions: 12.5, source: codecarbon}", "a lot"), "model", "co2_eq_emissions"),
        (MODEL.replace("- name: x\n", "- x\n- name: x\n"), "model", "model-index/0"),
        (DATASET.replace("1K<n<10K", "10k"), "dataset", "size_categories"),
        (DATASET.replace("viewer: false", "viewer: off please"), "dataset", "viewer"),
        (DATASET.replace("[expert-generated]", "[experts]"), "dataset", "annotations_creators"),
        (SPACE.replace("sdk: gradio", "sdk: flask"), "space", "sdk"),
        (SPACE.replace("colorFrom: red", "colorFrom: crimson"), "space", "colorFrom"),
        (SPACE.replace("[email]", "[everything]"), "space", "hf_oauth_scopes/0"),
    ],
)
def test_bad_front_matter_is_refused(text, kind, at):
    assert faults(text, kind) == [at]


def test_what_no_rule_complains_of_passes():
    """A schema that refuses what the rules let pass would send an author in circles."""
    seen, refused = 0, []
    for file in shipped_files():
        rule = load(file.read_text(encoding="utf-8"), file.name)
        for example in rule["examples"]["good"]:
            card = Card.from_text(example.get("card") or "")
            kind = example.get("kind") or kind_by_content(card) or "model"
            if card.front_matter.status != "ok" or len(card.text) > 5_000:
                continue
            outcome = check_text(card.text, kind=kind, select=["FM", "MET", "LIC1"], preview=True)
            if any(each.name not in ABSENT for each in (*outcome.findings, *outcome.suppressed)):
                continue
            seen += 1
            validator = Draft202012Validator(schema(f"front-matter-{kind}"))
            refused += [(rule["code"], error.message[:200]) for error in validator.iter_errors(card.front_matter.metadata)]
    assert seen > 100
    assert not refused, refused


def test_a_list_in_a_model_index_may_stand_alone():
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"model-index": "x"}, schema("front-matter-model"))
