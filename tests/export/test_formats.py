"""Every format holds against its standard, says what the card says with its place, and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cardlint.export.formats import FORMATS, Exporter
from cardlint.export.given import Given
from cardlint.facts.subject import Subject
from cardlint.sources.paths import from_path
from tests.export.conftest import known_of, listed

HUB = Path(__file__).resolve().parents[2] / "examples" / "hub"
CARD = """---
license: llama2
base_model: acme/terns
datasets: [acme/cliffs, acme/harbours]
language: en
pipeline_tag: text-generation
tags: [birds]
co2_eq_emissions: {emissions: 12.5, source: codecarbon}
model-index:
- name: gulls
  results:
  - task: {type: text-generation}
    dataset: {name: Shores, type: acme/shores, split: test}
    metrics:
    - {type: accuracy, value: 0.93}
---
# Gulls

## Limitations

It counts no terns, and it has never seen a night picture of any harbour at all.

## Training data

The model was trained on the Puffin Corpus and on acme/cliffs.
"""
GIVEN = Given(
    created=datetime(2026, 11, 28, tzinfo=UTC), hub_url="https://hub.example", supplier="Acme", released=datetime(2026, 11, 1, tzinfo=UTC)
)
pytest.importorskip("spdx_python_model", reason="needs the extra export")


def documents(known, given=GIVEN):
    return {name: exporter.document(known) for name in FORMATS if (exporter := Exporter(name, given)).describes(known)}


@pytest.fixture(scope="module")
def made():
    return documents(known_of(CARD, id="acme/gulls", kind="model", revision="f" * 40, files=listed("README.md", "model.safetensors")))


def graph(text):
    return {each["spdxId"].rpartition("#")[2]: each for each in json.loads(text)["@graph"] if "spdxId" in each}


def test_every_format_holds_against_its_standard(made, spdx2_faults, spdx3_faults, cyclonedx_faults):
    assert spdx2_faults(made["spdx"]) == []
    assert spdx3_faults(made["spdx3"]) == []
    assert cyclonedx_faults(made["cyclonedx"]) == cyclonedx_faults(made["cyclonedx-1.7"]) == []


def test_validators_refuse_what_is_wrong(made, spdx2_faults, cyclonedx_faults):
    assert spdx2_faults(made["spdx"].replace('"SPDXRef-Base-1"', '"SPDXRef-Base-x!"'))
    assert cyclonedx_faults(made["cyclonedx"].replace('"modelCard"', '"modelKard"'))


@pytest.mark.parametrize("entry", list(from_path(HUB)), ids=lambda entry: entry.input.removeprefix(str(HUB) + "/"))
def test_example_hub_holds_against_the_standards(entry, spdx2_faults, spdx3_faults, cyclonedx_faults):
    from cardlint.export.inventory import inventory

    subject = Subject(entry)
    if not subject.has_card:
        pytest.skip("a repository without a card")
    texts = documents(inventory(subject.facts.whole(), subject.card.text), Given())
    assert spdx2_faults(texts["spdx"]) == []
    assert spdx3_faults(texts["spdx3"]) == []
    assert cyclonedx_faults(texts["cyclonedx"]) == []


def test_same_card_gives_the_same_bytes_and_another_card_another_id(made):
    known = known_of(CARD, id="acme/gulls", kind="model", revision="f" * 40, files=listed("README.md", "model.safetensors"))
    assert documents(known) == made
    other = documents(known_of(CARD + "\nMore.\n", id="acme/gulls", kind="model"))
    for name, key in (("spdx", "documentNamespace"), ("cyclonedx", "serialNumber")):
        assert json.loads(other[name])[key] != json.loads(made[name])[key]


def test_spdx_2_names_lineage_data_licence_and_hashes(made):
    document = json.loads(made["spdx"])
    packages = {each["SPDXID"]: each for each in document["packages"]}
    assert packages["SPDXRef-Card"]["licenseDeclared"] == "LicenseRef-llama2"
    assert document["hasExtractedLicensingInfos"][0]["licenseId"] == "LicenseRef-llama2"
    kinds = [
        (each["relationshipType"], packages[each["relatedSpdxElement"]]["name"], each.get("comment", ""))
        for each in document["relationships"]
    ]
    assert ("DESCENDANT_OF", "acme/terns", "made from; README.md line 3 (front matter: base_model)") in kinds
    assert ("OTHER", "acme/cliffs", "trained on; README.md line 4 (front matter: datasets)") in kinds
    assert ("OTHER", "acme/shores", "evaluated on; README.md line 15 (front matter: model-index)") in kinds
    assert ("CONTAINS", "model.safetensors", "") in kinds
    (puffins,) = [comment for _, name, comment in kinds if name == "Puffin Corpus"]
    assert puffins == "trained on; claimed in prose, README.md line 25"


def test_spdx_3_has_relationships_licence_text_and_limits(made):
    found = graph(made["spdx3"])
    assert found["base-1-of"]["relationshipType"] == "descendantOf"
    assert found["data-1-of"]["relationshipType"] == "trainedOn"
    assert found["test-1-of"]["relationshipType"] == "testedOn"
    assert found["declared-1"]["relationshipType"] == "hasDeclaredLicense"
    assert found["license-1"]["simplelicensing_customIdToUri"][0]["key"] == "LicenseRef-llama2"
    assert "It counts no terns" in found["card"]["ai_limitation"]
    assert found["card"]["ai_metric"] == [{"type": "DictionaryEntry", "key": "accuracy, acme/shores, test", "value": "0.93"}]
    assert [each["name"] for each in found.values() if each["type"] == "software_File"] == ["README.md", "model.safetensors"]


BARE = CARD.replace("base_model: acme/terns\n", "")


@pytest.mark.parametrize(
    ("card", "change", "profile", "lacks"),
    [
        (BARE, {}, True, []),
        (CARD, {}, False, ["all but the name of a base model"]),
        (BARE, {"released": None}, False, ["releaseTime"]),
        (BARE, {"hub_url": None, "released": None}, False, ["downloadLocation", "releaseTime"]),
    ],
)
def test_spdx_3_claims_the_ai_profile_only_where_its_minimum_is_met(card, change, profile, lacks):
    exporter = Exporter("spdx3", GIVEN._replace(**change))
    known = known_of(card, id="acme/gulls", kind="model", revision="f" * 40)
    assert ("ai" in graph(exporter.document(known))["document"]["profileConformance"]) is profile
    assert exporter.shortfalls(known) == lacks


def test_cyclonedx_model_card_has_ancestors_data_metrics_and_limits(made):
    component = json.loads(made["cyclonedx"])["metadata"]["component"]
    assert component["type"] == "machine-learning-model"
    assert component["purl"] == f"pkg:huggingface/acme/gulls@{'f' * 40}?repository_url=https%3A%2F%2Fhub.example"
    (ancestor,) = component["pedigree"]["ancestors"]
    assert (ancestor["group"], ancestor["name"]) == ("acme", "terns")
    card = component["modelCard"]
    assert [each["name"] for each in card["modelParameters"]["datasets"]] == [
        "acme/cliffs",
        "acme/harbours",
        "Puffin Corpus",
        "acme/shores",
    ]
    assert card["quantitativeAnalysis"]["performanceMetrics"] == [{"type": "accuracy", "value": "0.93", "slice": "acme/shores, test"}]
    assert "It counts no terns" in card["considerations"]["technicalLimitations"][0]


def test_form_tells_what_is_not_stated_and_cannot_be_broken_out_of():
    known = known_of(
        "---\nlicense: mit\n---\n# Gulls\n\n## Limitations\n\nIt counts no terns at night:\n\n```\n# x\n```\n\nand ``` never.\n"
    )
    text = Exporter("form", Given()).document(known._replace(name="a<b>[c](d)"))
    assert "### Intended uses, and systems it can be part of\n\nNot stated in the card." in text
    assert "# Model documentation form: a\\<b\\>\\[c\\]\\(d\\)" in text
    assert "````text\n## Limitations" in text


def test_croissant_tells_rai_properties_of_dataset_cards_only():
    said = "Two people labelled every picture, and a third one decided where they differed."
    text = f"---\nlicense: cc-by-4.0\n---\n# Cliffs\n\n## Annotations\n\n{said}\n"
    dataset, model = known_of(text, id="acme/cliffs", kind="dataset"), known_of(CARD, kind="model")
    exporter = Exporter("croissant", GIVEN)
    document = json.loads(exporter.document(dataset))
    assert document["rai:dataAnnotationProtocol"].endswith(
        "Two people labelled every picture, and a third one decided where they differed."
    )
    assert document["license"] == ["https://spdx.org/licenses/CC-BY-4.0"]
    assert document["url"] == "https://hub.example/datasets/acme/cliffs"
    assert "rai:dataBiases" not in document
    assert exporter.shortfalls(dataset) == ["description"]
    assert exporter.describes(dataset)
    assert not exporter.describes(model)


def test_passages_are_cited_where_the_text_is_not_at_hand():
    known = known_of(CARD, id="acme/gulls", kind="model", quote=False)
    limits = graph(Exporter("spdx3", Given()).document(known))["card"]["ai_limitation"]
    assert limits == "documented in README.md lines 19-21, under 'Limitations'"


def test_placeholders_and_unread_front_matter_state_nothing():
    known = known_of("---\nlicense: mit: x\n---\n# Gulls\n\n## Limitations\n\n[More Information Needed]\n", kind="model")
    found = graph(Exporter("spdx3", Given()).document(known))
    assert "ai_limitation" not in found["card"]
    assert found["declared"]["comment"] == "the front matter could not be read"
    assert "Not known: the front matter could not be read." in Exporter("form", Given()).document(known)


def test_datasets_are_trained_on_nothing():
    known = known_of(
        "---\ndatasets: [acme/cliffs]\nbase_model: acme/terns\n---\n# Cliffs\n\nIt was trained on the Puffin Corpus.\n", kind="dataset"
    )
    assert (known.base_models, known.datasets, known.tested_on) == ((), (), ())
