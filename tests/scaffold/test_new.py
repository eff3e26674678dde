"""New cards: what files tell stands in them with its source, what they do not is a question, and nothing else is there."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from cardlint.api import read_card
from cardlint.cli.options import run_of
from cardlint.scaffold.new import draft, entry_of, known_of
from cardlint.scaffold.yaml import lines_of, scalar

from .conftest import OPTIONS

EXAMPLES = Path(__file__).parents[2] / "examples" / "hub"
OPEN = {"DOC001", "DOC002", "FM013"}
"""The rules on what is not filled in."""
BERT = {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "vocab_size": 6, "max_position_embeddings": 64}

OWN = """
code: ENV901
name: footprint-wanted
summary: The footprint is given.
status: stable
severity: error
confidence: high
applies-to: [model]
scope: card
since: 0.1.0
why: |
  We count every hour of every machine that we rent.
help: |
  Add a section on hardware, hours and energy.
check:
  assert: {properties: {sections: {properties: {environmental_impact: {properties: {status: {not: {const: absent}}}}}}}}
  at: section:environmental_impact
  message: the footprint is not given
examples:
  bad:
    - card: |
        # x
      findings: ['1:1 the footprint is not given']
  good:
    - card: |
        # x
        ## Environmental impact
        One laptop for three hours, about 0.2 kWh in all.
"""


def safetensors(shape=(3, 2), dtype="F16"):
    size = shape[0] * shape[1] * 2
    header = json.dumps({"w": {"dtype": dtype, "shape": shape, "data_offsets": [0, size]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(size)


def metadata(draft):
    return read_card(draft.text).front_matter.metadata


def test_an_empty_folder_gives_questions_only(drafted):
    done = drafted({})
    assert metadata(done) == {}
    assert "---\n\n# gull-counter\n\nTODO: " in done.text
    assert done.open == done.text.count("TODO:") >= 5


def test_files_of_a_transformer(drafted):
    done = drafted(
        {"config.json": BERT, "model.safetensors": safetensors(), "all_results.json": {"eval_accuracy": 0.875, "eval_runtime": 3.1}}
    )
    assert metadata(done) == {"library_name": "transformers", "pipeline_tag": "text-classification"}
    for line in (
        "- **Architecture:** BertForSequenceClassification",
        "- **Positions:** 64",
        "- **Parameters:** 6",
        "- **Number format:** F16",
        "| accuracy | 0.875 |",
        "- **Measured on:** TODO: ",
    ):
        assert line in done.text
    assert "runtime" not in done.text
    assert "parameters 6 (model.safetensors)" in done.told


def test_an_adapter_names_its_base(drafted):
    done = drafted(
        {"adapter_config.json": {"peft_type": "LORA", "r": 8, "base_model_name_or_path": "acme/gulls", "task_type": "CAUSAL_LM"}}
    )
    assert metadata(done) == {
        "library_name": "peft",
        "pipeline_tag": "text-generation",
        "base_model": "acme/gulls",
        "base_model_relation": "adapter",
    }


def test_a_base_of_the_first_years_has_no_owner(drafted):
    assert metadata(drafted({"adapter_config.json": {"peft_type": "LORA", "base_model_name_or_path": "gpt2"}}))["base_model"] == "gpt2"


def test_a_local_base_is_asked_for(drafted):
    done = drafted({"adapter_config.json": {"peft_type": "LORA", "base_model_name_or_path": "/home/ada/out"}})
    assert "base_model" not in metadata(done)
    assert "- **Base model:** TODO: The files name `/home/ada/out`" in done.text


def test_a_head_of_several_tasks_is_asked_for(drafted):
    done = drafted({"config.json": {"architectures": ["T5ForConditionalGeneration"], "model_type": "t5"}})
    assert "pipeline_tag" not in metadata(done)
    assert "- **Task:** TODO: Which of text-generation, translation or summarization" in done.text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ((EXAMPLES / "coppertop" / "gauge-reader" / "LICENSE").read_text(), {"license": "mit"}),
        ("You may look at the gulls.", {"license": "other", "license_link": "LICENSE"}),
    ],
)
def test_the_licence_is_that_of_its_text(drafted, text, found):
    assert metadata(drafted({"LICENSE": text})) == found


def test_training_is_read_from_the_log_of_the_trainer(drafted):
    state = {"epoch": 3.0, "global_step": 1200, "log_history": [{"eval_loss": 0.25, "step": 1200}]}
    done = drafted({"trainer_state.json": state})
    assert "## Training procedure\n\n- Epochs: 3\n- Steps: 1,200\n" in done.text
    assert "| loss | 0.25 |" in done.text


def test_the_id_of_the_remote_makes_title_owner_and_code(drafted, folder):
    folder({".git/config": '[remote "origin"]\n\turl = https://huggingface.co/acme/gulls-v2\n'})
    done = drafted({"config.json": BERT})
    assert done.text.partition("---\n\n")[2].startswith("# gulls-v2\n")
    assert "- **Developed by:** acme" in done.text
    assert 'pipeline("text-classification", model="acme/gulls-v2")' in done.text


def test_a_data_set_has_its_rows(drafted):
    done = drafted({"data/train.csv": "text,label\na,1\nb,0\n", "data/test.csv": "text,label\na,1\n"})
    assert metadata(done) == {"size_categories": ["n<1K"]}
    assert "- **`data/train.csv`:** 2 rows; columns `text`, `label`" in done.text
    assert "- **`data/test.csv`:** 1 row; columns" in done.text
    assert "Which languages is it in?" in done.text
    assert done.told[0].startswith("kind dataset")


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"app.py": "", "requirements.txt": "numpy\ngradio==4.44.1\n"}, {"sdk": "gradio", "sdk_version": "4.44.1", "app_file": "app.py"}),
        ({"Dockerfile": "FROM scratch\n"}, {"sdk": "docker"}),
        ({"index.html": "<p>"}, {"sdk": "static"}),
        ({"app.py": ""}, {}),
    ],
)
def test_a_space_has_its_sdk(drafted, files, found):
    assert metadata(drafted(files, kind="space")) == {"title": "gull-counter", **found}


def test_files_that_cannot_be_read_say_nothing(drafted):
    done = drafted({"config.json": "{", "model.safetensors": b"\xff" * 40, "adapter_config.json": "[]", "LICENSE": b"\xff\xfe\x00"})
    assert done.text
    assert done.outcome.failure is None


def test_values_of_files_make_no_markup_of_the_metadata(drafted):
    done = drafted({"adapter_config.json": {"peft_type": "LORA", "base_model_name_or_path": "acme/x\nlicense: mit"}})
    assert "license" not in metadata(done)


def test_values_of_files_stay_on_their_line(drafted):
    evil = "Bert\n---\nlicense: mit\n## Intended use\nAll of it is fine and well.\x1b[31m\ud800"
    files = {
        "config.json": {"architectures": [evil], "model_type": "bert"},
        "eval_results.json": {"a|b\nc": 0.5},
    }
    done = drafted(files)
    assert metadata(done) == {"library_name": "transformers"}
    assert "\n## Intended use\nAll" not in done.text
    assert "| a/b c | 0.5 |" in done.text
    assert all(text.isprintable() for text in done.told)
    assert "\x1b" not in done.text


def test_only_open_questions_are_left_to_find(plan):
    """Every example repository: the findings on its new card are questions, absent answers, or faults of its files."""
    for place in sorted(EXAMPLES.glob("*/*")):
        if place.parent.name in ("datasets", "spaces") or not place.is_dir():
            continue
        entry = entry_of(place, None, None)
        done = draft(known_of(entry), entry, plan)
        card_faults = {each.code for each in done.outcome.findings if each.code[:3] not in ("ART", "SEC")}
        assert card_faults <= OPEN | {"LIC001", "LIC003"}, place
        assert read_card(done.text).front_matter.status in ("ok", "empty")


def test_answers_close_the_questions(drafted):
    done = drafted({"config.json": BERT, "LICENSE": (EXAMPLES / "coppertop" / "gauge-reader" / "LICENSE").read_text()})
    answered = "\n".join(
        line.replace(line[line.index("TODO:") :], "Ada counted gulls on the beach of Leith in June and wrote down every one that she saw.")
        if "TODO:" in line
        else line
        for line in done.text.splitlines()
    )
    from cardlint.api import check_text

    assert {each.code for each in check_text(answered).findings} <= {"MET209"}


def test_an_organisations_own_demands_are_asked_for(folder, tmp_path):
    rules = tmp_path / "rules" / "ENV"
    rules.mkdir(parents=True)
    (rules / "ENV901-footprint-wanted.yaml").write_text(OWN)
    plan = run_of({**OPTIONS, "rule_folders": (str(tmp_path / "rules"),)}).plan(None)
    entry = entry_of(folder({}), None, None)
    assert "## Environmental impact\n\nTODO: " in draft(known_of(entry), entry, plan).text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("mit", "mit"),
        ("no", '"no"'),
        ("acme/x-1.0", "acme/x-1.0"),
        ("1.0", '"1.0"'),
        ("a: b", '"a: b"'),
        ("x #y", '"x #y"'),
        ("", '""'),
        ("a\nb", '"a\\nb"'),
    ],
)
def test_scalars_are_read_as_they_were_meant(text, written):
    assert scalar(text) == written
    block = "\n".join(["---", *lines_of({"key": text, "list": (text,)}), "---", ""])
    assert read_card(block).front_matter.metadata == {"key": text, "list": [text]}
