"""Old cards: metadata in today's keys, bodies byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardlint.api import read_card
from cardlint.cli.options import run_of
from cardlint.scaffold.known import Known
from cardlint.scaffold.new import entry_of, known_of
from cardlint.scaffold.upgrade import upgrade
from cardlint.sources.entry import Entry

from .conftest import OPTIONS

BODY = "\n# Old gulls   \n\nThe body\tstays. <!-- so do comments -->\n\n\n"


@pytest.fixture
def brought(folder, plan):
    """An old card with this metadata, brought up to date beside these files: its metadata and its body."""

    def make(lines, files=None, body=BODY, end="\n"):
        place = folder(files or {})
        entry = entry_of(place, None, None)
        text = f"---\n{lines}---\n{body}".replace("\n", end)
        data = upgrade(text.encode(), known_of(entry, "Ada"), entry, plan).data
        new = data.decode()
        assert new.endswith(body.replace("\n", end))
        return read_card(new).front_matter.metadata

    return make


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("languages: english\n", {"language": "en"}),
        ("license: apache2\n", {"license": "apache-2.0"}),
        ("finetuned_from: acme/gulls\n", {"base_model": "acme/gulls"}),
        ("library_tag: transformers\n", {"library_name": "transformers"}),
        ("tags:\n- transformers\n- gulls\n", {"tags": ["gulls"], "library_name": "transformers"}),
        ("tags:\n- text-classification\n", {"pipeline_tag": "text-classification"}),
        ("tags: [transformers, gulls]\n", {"tags": ["transformers", "gulls"], "library_name": "transformers"}),
        ("tags:\n- pytorch\n- gulls\n", {"tags": ["pytorch", "gulls"]}),
        ("tags:\n- license:mit\n", {"license": "mit"}),
        ("tags:\n- dataset:squad\n- dataset:acme/nests\n", {"datasets": ["squad", "acme/nests"]}),
        ("tags:\n- en\nlanguage: de\n", {"tags": ["en"], "language": "de"}),
        ("pipeline_tag: structured-data-classification\n", {"pipeline_tag": "tabular-classification"}),
        ("pipeline_tag: conversational\n", {"pipeline_tag": "conversational"}),
        ("tags:\n- fill-mask\n- translation\n", {"tags": ["fill-mask", "translation"]}),
    ],
)
def test_metadata_of_2020_is_that_of_today(brought, old, new):
    assert brought(old) == new


def test_the_models_head_tells_which_task_followed(brought):
    files = {"config.json": {"architectures": ["LlamaForCausalLM"], "model_type": "llama"}}
    assert brought("pipeline_tag: conversational\n", files) == {"pipeline_tag": "text-generation", "library_name": "transformers"}


def test_what_files_tell_is_added_and_what_the_card_says_stays(brought):
    files = {"adapter_config.json": {"peft_type": "LORA", "base_model_name_or_path": "acme/gulls", "task_type": "CAUSAL_LM"}}
    assert brought("base_model: acme/other\n", files)["base_model"] == "acme/other"
    assert brought("license: mit\n", files)["base_model"] == "acme/gulls"


def test_line_ends_are_the_cards_own(folder, plan):
    entry = entry_of(folder({}), None, None)
    data = b"---\r\ntags:\r\n- transformers\r\n- gulls\r\n---\r\n# Gulls\r\n"
    assert (
        upgrade(data, known_of(entry), entry, plan).data == b"---\r\ntags:\r\n- gulls\r\nlibrary_name: transformers\r\n---\r\n# Gulls\r\n"
    )


def test_a_card_without_metadata_gets_a_block(folder, plan):
    entry = entry_of(folder({"config.json": {"architectures": ["BertForMaskedLM"], "model_type": "bert"}}), None, None)
    data = upgrade(b"# Gulls\n\nThey fly.\n", known_of(entry), entry, plan).data
    assert data == b"---\nlibrary_name: transformers\npipeline_tag: fill-mask\n---\n\n# Gulls\n\nThey fly.\n"


def test_a_card_without_a_body_gets_questions(folder, plan):
    entry = entry_of(folder({}), None, None)
    text = upgrade(b"---\nlicense: mit\n---\n", known_of(entry), entry, plan).data.decode()
    assert text.startswith("---\nlicense: mit\n---\n\n# gull-counter\n\nTODO: ")


@pytest.mark.parametrize("data", [b"\xff\xfea\x00", b"---\na: [}\n---\n# x\n", b"---\n- a\n---\n# x\n", b"\x80\x81"])
def test_what_cannot_be_read_is_left(folder, plan, data):
    entry = entry_of(folder({}), None, None)
    assert upgrade(data, known_of(entry), entry, plan).data == data


def test_twice_is_once(folder, plan):
    entry = entry_of(folder({"config.json": {"architectures": ["BertForMaskedLM"], "model_type": "bert"}}), None, None)
    data = b"---\nlanguages: english\ntags:\n- transformers\n- en\nlicense: apache2\n---\n# Gulls\n"
    once = upgrade(data, known_of(entry), entry, plan).data
    assert upgrade(once, known_of(entry), entry, plan).data == once


_SOME = """tags:|- transformers|- en|  - mit|license: apache2|languages: english|- 'fill-mask' # why|finetuned_from: a/b|tags: [a, 'b']
pipeline_tag: conversational|language:|x: >|  y|# note||dataset: squad|- dataset:squad"""
_LINES = st.lists(st.sampled_from(_SOME.replace("\n", "|").split("|")), max_size=10)


@settings(max_examples=150, deadline=None)
@given(lines=_LINES, body=st.sampled_from(["", "\n", "# x\n", "\n# x\r\ntext", "text\n---\nmore"]), end=st.sampled_from(["\n", "\r\n"]))
def test_no_metadata_harms_the_body(lines, body, end):
    plan = run_of(OPTIONS).plan(None)
    text = end.join(["---", *lines, "---", ""]) + body
    before = read_card(text).front_matter
    known = Known("model", "gulls", metadata={"library_name": "transformers", "license": "mit"})
    data = upgrade(text.encode(), known, Entry("x", None, text=b""), plan).data.decode()
    if before.status in ("ok", "empty"):
        after = read_card(data).front_matter
        assert after.status == "ok"
        assert data[after.end :].startswith(text[before.end :] if text[before.end :].strip() else "")
