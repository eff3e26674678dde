"""A card and its files as a node: what names other repositories, how sure, and where."""

from __future__ import annotations

import json

from cardlint.facts.hub import node_of
from cardlint.facts.subject import Subject
from cardlint.hub.node import Node
from cardlint.repo.contents import Memory
from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry

TRAINER = "<!-- This model card has been generated automatically according to the information the Trainer had access to. -->\n"


def node(text: str, kind="model", **files: str) -> Node:
    listing = tuple(FileEntry(name, len(data)) for name, data in files.items()) if files else None
    contents = Memory({name: data.encode() for name, data in files.items()}) if files else None
    return node_of(Subject(Entry("README.md", None, id="ann/towns", kind=kind, text=text.encode(), files=listing, contents=contents)))


def told(found: Node) -> list[tuple]:
    return [(edge.relation, edge.target, edge.kind, edge.evidence, edge.line) for edge in found.edges]


def test_metadata_names_bases_data_and_the_new_version():
    found = node("---\nbase_model: acme/letters\ndatasets: [acme/mail]\nnew_version: ann/towns-2\n---\n# Towns\n")
    assert told(found) == [
        ("base_model", "acme/letters", None, "metadata", 2),
        ("dataset", "acme/mail", None, "metadata", 3),
        ("new_version", "ann/towns-2", None, "metadata", 4),
    ]


def test_two_bases_are_a_merge_as_hubs_take_them():
    assert {edge.kind for edge in node("---\nbase_model: [acme/a, acme/b]\n---\n# T\n").edges} == {"merge"}


def test_files_name_bases_too():
    adapter = json.dumps({"peft_type": "LORA", "base_model_name_or_path": "acme/letters"})
    merge = "models: [{model: acme/a}, {model: acme/b}]\nmerge_method: linear\n"
    found = node("# T\n", **{"README.md": "", "adapter_config.json": adapter, "mergekit_config.yml": merge})
    assert told(found) == [
        ("base_model", "acme/letters", "adapter", "adapter", 0),
        ("base_model", "acme/a", "merge", "merge", 0),
        ("base_model", "acme/b", "merge", "merge", 0),
    ]


def test_a_path_on_somebodys_machine_names_nobody():
    config = json.dumps({"_name_or_path": "/home/ann/letters", "model_type": "bert"})
    assert told(node("# T\n", **{"README.md": "", "config.json": config})) == []


def test_the_sentence_of_a_training_library_is_surer_than_prose():
    sentence = "This model is a fine-tuned version of [acme/letters](https://huggingface.co/acme/letters) on mail.\n"
    assert [edge.evidence for edge in node(f"# T\n{sentence}").edges] == ["prose"]
    found = node(f"{TRAINER}# T\n{sentence}")
    assert [edge.evidence for edge in found.edges] == ["trainer"]
    assert found.parents() == ["model:acme/letters"]


def test_a_dataset_names_its_sources():
    found = node("---\nsource_datasets: [original, extended|acme/mail, extended|other-web]\n---\n# M\n", kind="dataset")
    assert told(found) == [("dataset", "acme/mail", None, "metadata", 2)]


def test_many_edges_are_cut():
    bases = ", ".join(f"acme/m{number}" for number in range(500))
    assert len(node(f"---\nbase_model: [{bases}]\n---\n# T\n").edges) == 200


def test_a_node_is_read_as_it_was_written():
    found = node(f"---\nbase_model: acme/letters\nlicense: mit\nlanguage: [en]\n---\n{TRAINER}# T\nBuilt with Llama.\n")
    assert Node.load(found.dump()) == found
    assert Node.load(Node().dump()) == Node()
