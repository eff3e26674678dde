"""Sections by evidence: headings, labels, tables, code, sentences, templates; in several languages."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import re2

from cardlint.card.card import Card
from cardlint.card.sections import SECTION_NAMES, Section, evidence
from cardlint.card.sections.headings import named, opened
from cardlint.card.sections.words import count_words, is_filler, unwrapped

if TYPE_CHECKING:
    from cardlint.model import Kind

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
LABELS = Path(__file__).resolve().parents[1] / "data" / "labels"

TRAINER = """---
license: apache-2.0
---
<!-- This model card has been generated automatically according to the information the Trainer had access to. You
should probably proofread and complete it, then remove this comment. -->

# tidewater-ner

This model is a fine-tuned version of [acme/base](https://huggingface.co/acme/base) on {data}.
It achieves the following results on the evaluation set:
- Loss: 0.41
- F1: 0.88

## Model description

More information needed

## Intended uses & limitations

More information needed

## Training and evaluation data

More information needed

## Training procedure

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 5e-05
- train_batch_size: 8
- num_epochs: 3

### Framework versions

- Transformers 4.30.0
"""


def sections(text: str, kind: str = "model") -> dict[str, Section]:
    return Card.from_text(text, kind).sections  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
@pytest.mark.parametrize("text", ["", "---\nlicense: mit\n---\n", "# x", "#\n\n##\n", "```", "| a |\n|--", "<h2>", "\u0000", "- \n- \n"])
def test_every_name_is_there_and_nothing_raises(kind: str, text: str) -> None:
    assert tuple(sections(text, kind)) == SECTION_NAMES[kind]  # type: ignore[index]


def test_trainer_card_with_a_real_dataset() -> None:
    found = sections(TRAINER.format(data="the conll2003 dataset"))
    assert found["training_data"].status == "substantive"
    assert found["model_description"].status == "placeholder"
    assert found["intended_use"].status == found["limitations"].status == "placeholder"
    assert found["evaluation_data"].status == "placeholder"
    assert found["training_procedure"].status == "substantive"
    assert found["evaluation_results"].status == "substantive"


def test_trainer_card_with_an_unknown_dataset() -> None:
    assert sections(TRAINER.format(data="an unknown dataset"))["training_data"].status == "placeholder"


def test_status_speaks_of_the_body_and_documented_of_both() -> None:
    found = sections("---\nlicense: mit\ndatasets: [acme/x]\nmodel-index:\n- name: x\n  results: []\n---\n# x\n")
    assert found["license"][:2] == ("absent", "metadata")
    assert found["training_data"][:2] == ("absent", "metadata")
    assert found["evaluation_results"][:2] == ("absent", "none")
    assert found["citation"] == Section()


@pytest.mark.parametrize(
    ("text", "name", "status"),
    [
        ("# m\n\n**License:** MIT\n", "license", "substantive"),
        ("# m\n\n- **Developed by:** Ada Lovelace\n", "contact_authors", "substantive"),
        ("# m\n\n- **Developed by:** [More Information Needed]\n", "contact_authors", "placeholder"),
        ("# m\n\n**Limitations**\n\nThe tagger fails on text in capitals and on names of ships at sea.\n", "limitations", "substantive"),
        ("<h2>How to use</h2>\n\n```python\nfrom transformers import pipeline\npipeline('ner')\n```\n", "how_to_use", "substantive"),
        ("# m\n\n| Property | Value |\n|---|---|\n| Training data | 500 scanned harbour logs |\n", "training_data", "substantive"),
        ("# m\n\nThe tagger was fine-tuned on the Harbour dataset for three epochs.\n", "training_data", "substantive"),
        ("# m\n\nIt reaches an accuracy of 91.5 on the test set of HarbourBench.\n", "evaluation_results", "substantive"),
        ("# m\n\n```bibtex\n@article{ships2024,\n  author = {Lovelace, Ada},\n}\n```\n", "citation", "substantive"),
        ("# m\n\n## Limitations\n\nTBD\n", "limitations", "placeholder"),
        ("# m\n\n## Limitations\n\n## License\n\nMIT\n", "limitations", "placeholder"),
        ("# m\n\n## Bias\n\nMay contain biases.\n", "bias_risks", "thin"),
        ("# m\n\nA model that classifies letters by sender.\n", "intended_use", "thin"),
        ("# m\n\nIt is not a medical device and must not be used for diagnosis of patients.\n", "out_of_scope_use", "substantive"),
        ("# m\n\nTraining emitted 12 kg of CO2 in total.\n", "environmental_impact", "substantive"),
        ("# m\n\n## 训练数据\n\n使用公开的港口日志语料训练，共一万条。\n", "training_data", "substantive"),
        (
            "# m\n\n## Ограничения\n\nМодель не понимает сокращений и плохо работает с длинными текстами на других языках.\n",
            "limitations",
            "substantive",
        ),
        ("# m\n\n## ライセンス\n\nMIT\n", "license", "substantive"),
    ],
)
def test_evidence(text: str, name: str, status: str) -> None:
    assert sections(text)[name].status == status


@pytest.mark.parametrize("rest", ["and for nobody else", "(and for nobody else)", "`and` for nobody else"])
def test_a_sentence_that_an_editor_broke_is_one_line(rest: str) -> None:
    line = "The caller was made for volunteers who count birds in gardens,"
    assert unwrapped(f"{line}\n{rest}\n{rest}") == f"{line} {rest}\n{rest}"


@pytest.mark.parametrize(
    "text",
    [
        "License: MIT\nLanguage: Frisian",
        "The caller was made for volunteers who count birds in gardens.  \nOwls are not known to it",
        "The caller was made for volunteers who count birds in gardens:\nowls are not among them",
        "The caller was made for volunteers who count birds in gardens\n- owls\n\nand frogs",
    ],
)
def test_lines_that_end_on_purpose_stay(text: str) -> None:
    assert unwrapped(text) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# Contents\n\n- Limitations\n- License\n\n# Limitations\n", "license"),
        ("# m\n\n## Training\n\n```yaml\nlora: 8\n```\n", "how_to_use"),
        ("# m\n\n### Framework versions\n\n- Datasets 2.1\n", "training_data"),
        ("# m\n\n# Model Trained Using AutoTrain\n", "training_procedure"),
        ("# m\n\n```yaml\nmodels: [a, b]\nload: fast\n```\n", "how_to_use"),
    ],
)
def test_no_evidence(text: str, name: str) -> None:
    assert sections(text)[name].status in ("absent", "placeholder")


def test_place_and_heading_of_a_section() -> None:
    text = "# m\n\nIntro.\n\n## 3. Limitations and bias:\n\nIt fails on capitals.\n\nIt fails on ships as well, often.\n\n## End\n"
    found = sections(text)["limitations"]
    assert found.heading == "3. Limitations and bias:"
    assert text[found.start : found.end].endswith("often.")
    assert found.words == 11
    assert sections("# m\n\nLicensed under the MIT license.\n")["license"].heading == ""


def test_dataset_card() -> None:
    found = sections(
        "# Dataset Card for Harbour\n\n## Dataset Summary\n\nTen thousand harbour logs, all of them transcribed by hand.\n\n"
        "### Licensing Information\n\n[Needs More Information]\n\n"
        "### Data Splits\n\n| train | test |\n|---|---|\n| 900 | 100 |\n",
        "dataset",
    )
    assert found["description"].status == "substantive"
    assert found["license"].status == "placeholder"
    assert found["structure"].status == "substantive"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("## Generation pipeline\n\n1. Logs are cut at midnight.\n2. Each is given a key.\n", "collection"),
        ("## How it was built\n\nTwo pilots wrote each log down in the evening.\n", "collection"),
        ("## What's inside\n\n- `logs.jsonl`, one log a line, with its berth and its pilot\n", "structure"),
        ("Berth labels are assigned by the harbour's own rules.\n", "annotations"),
        ("Each log was reviewed by two licensed linguists in May.\n", "annotations"),
        ("There is no real patient data in the logs of the sick bay.\n", "personal_data"),
        ("The logs are not approved\nfor navigation or for rescue at sea.\n", "out_of_scope"),
        ("The times of arrival may contain errors of an hour.\n", "bias_risks_limitations"),
        ("The logs are refreshed weekly from the harbour's own books.\n", "maintenance"),
        ("The logs are for evaluation, not for training.\n", "out_of_scope"),
        ("Use them to compare pilots. Do not treat them as a clean set.\n", "out_of_scope"),
        ("Provided for informational purposes only, by the harbour.\n", "out_of_scope"),
        ("The portraits of the crews involve no real individuals at all.\n", "personal_data"),
        ("Each entry is generated deterministically from the tide tables.\n", "collection"),
        ("由港口日志经大模型蒸馏生成，每条一行。\n", "collection"),
        ("用于微调港口助手，也可评测。\n", "uses"),
        ("数据可能存在录入错误，请抽检。\n", "bias_risks_limitations"),
        ("## Update policy\n\nRows are checked again every spring by the harbour office.\n", "maintenance"),
        ("## Sınırlılıklar\n\nKayıtlar yalnızca iki limandan gelir ve kışı kapsamaz.\n", "bias_risks_limitations"),
        ("## Uso Pretendido\n\nAnálises do movimento dos navios no inverno.\n", "uses"),
    ],
)
def test_dataset_cards_of_today(text: str, name: str) -> None:
    assert sections(f"# Harbour logs\n\nTen thousand logs of a small harbour.\n\n{text}", "dataset")[name].status in {"thin", "substantive"}


@pytest.mark.parametrize(
    "text",
    [
        "- `crew`: the names on the list; ships that were towed do not include any crew here\n",
        "The columns do not constitute a table of their own in the export.\n",
    ],
)
def test_what_fields_leave_out_is_no_use_out_of_scope(text: str) -> None:
    assert sections(f"# Harbour logs\n\nTen thousand logs of a small harbour.\n\n{text}", "dataset")["out_of_scope"].status == "absent"


def test_an_answer_under_a_heading_of_its_own_is_not_lost_to_an_unfilled_one() -> None:
    text = (
        "# Harbour logs\n\nThe logs were reviewed by two human annotators.\n\n## Annotations?\n\nnone\n\n"
        "## Annotation service?\n\nno service at all\n"
    )
    assert sections(text, "dataset")["annotations"].status == "substantive"


def test_headings() -> None:
    assert named("model", "**Limitations:**") == ("limitations",)
    assert set(opened("model", "4) Bias, Risks, and Limitations").sections) == {"bias_risks", "limitations"}
    assert opened("model", "📚 Training Data [optional]").sections == ("training_data",)
    assert opened("model", "Acme's little helper").sections == ()


def test_words_and_fillers() -> None:
    assert count_words("three plain words") == 3
    assert count_words("模型的局限性") == 3
    assert is_filler("[More Information Needed](https://example.org)")
    assert is_filler("*TODO*")
    assert not is_filler("None of the layers is frozen")


@pytest.mark.parametrize(
    "hostile",
    [
        "trained on " * 20_000,
        "**a:** " * 20_000,
        "# h\n" * 20_000,
        "accuracy 1 dataset " * 20_000,
        "(" * 50_000,
        "- x\n" * 20_000,
        "@a{" * 20_000,
    ],
)
def test_hostile_text_takes_linear_time(hostile: str) -> None:
    card = Card.from_text(hostile)
    assert card.outline is not None
    start = time.process_time()
    _ = card.sections, card.placeholders, card.language, card.generator
    assert time.process_time() - start < 5


def rows() -> list[tuple[dict[str, dict[str, dict[str, str]]], Card]]:
    if not (CORPUS / "labels" / "dev.jsonl").is_file():
        pytest.skip("the corpus of real cards is not beside the project")
    listed = []
    for line in (CORPUS / "labels" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        listed.append((label, Card.from_bytes((CORPUS / "sample" / label["file"]).read_bytes())))
    return listed


def macro_f1(listed: list[tuple[dict[str, dict[str, dict[str, str]]], Card]]) -> float:
    counts: dict[str, list[int]] = {}
    for label, card in listed:
        for name, truth in label["sections"].items():
            true, said = truth["status"] in ("thin", "substantive"), card.sections[name].status in ("thin", "substantive")
            row = counts.setdefault(name, [0, 0, 0])
            row[0] += true and said
            row[1] += true != said
            row[2] += true
    scores = [2 * hit / (2 * hit + wrong) for hit, wrong, true in counts.values() if true >= 5]
    return sum(scores) / len(scores)


def test_model_labels() -> None:
    assert macro_f1(rows()) > 0.89


@pytest.mark.parametrize(("name", "least"), [("datasets", 0.80), ("models-nonenglish", 0.80), ("models-unseen", 0.85)])
def test_labels_of_the_project(name: str, least: float) -> None:
    if not (CORPUS / "cards.jsonl.gz").is_file():
        pytest.skip("the corpus of real cards is not beside the project")
    labels = {label["sha256"]: label for label in map(json.loads, (LABELS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())}
    listed = []
    with gzip.open(CORPUS / "cards.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["sha256"] in labels:
                listed.append((labels[row["sha256"]], Card.from_text(row["text"], row["kind"])))
    assert len(listed) == len(labels)
    assert macro_f1(listed) > least


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Limitations and out-of-scope use", ("limitations", "out_of_scope_use")),
        ("Intended use and out-of-scope use", ("intended_use", "out_of_scope_use")),
        ("Uses not recommended", ("out_of_scope_use",)),
        ("Utilisations déconseillées", ("out_of_scope_use",)),
    ],
)
def test_a_heading_of_uses_out_of_scope_is_of_no_other_use(heading: str, expected: tuple[str, ...]) -> None:
    assert opened("model", heading).sections == expected


def test_a_joint_heading_answers_limits_and_uses() -> None:
    text = "# m\n\n## Limitations and out-of-scope use\n\nOften misses short rivers. Do not use it for navigation at sea.\n"
    found = sections(text)
    assert found["out_of_scope_use"].status == "substantive"
    assert found["limitations"].documented == "body"
    assert found["intended_use"].status == "absent"


def test_evaluation_data_in_french() -> None:
    found = sections("# m\n\n## Évaluation\n\nSur 500 dépêches de 2023, jamais vues à l'entraînement, ROUGE-1 vaut 33,1.\n")
    assert found["evaluation_data"].status != "absent"


def test_no_pattern_waits_for_a_word_that_it_can_do_without() -> None:
    """`section_stems.json` is what tools/section_stems.py writes."""
    tool = Path(__file__).resolve().parents[2] / "tools" / "section_stems.py"
    if not tool.is_file():
        pytest.skip("the tools are not beside these tests")
    done = subprocess.run([sys.executable, str(tool), "--check"], check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_candidates_are_every_pattern_that_matches(kind: Kind) -> None:
    """The words of a text never hide a pattern that matches it."""
    patterns = evidence.patterns_of(kind)
    texts = [
        "It was trained on 3 epochs of Wikipedia with batch size 8 and achieves 90.1% accuracy on the SQuAD test set.",
        "By Ada Lovelace. Please cite our paper (arxiv.org), contact me@example.org or open an issue on GitHub.",
        "This model isn't intended for clinical use; it may not generalize, and it can't handle biased language.",
        "Classifies reviews. Fine-tuned by Grace Hopper under the MIT license, see the docs; CO2: 12 kg, 3kWh.",
        "The dataset was annotated by crowdworkers, contains 1,000 sentences and is released under CC-BY-4.0.",
        "Trainiert auf 学習データ des корпус, entraîné sur le corpus de textes.",
        "",
    ]
    for text in texts:
        waiting = patterns.candidates(text)
        for index, source in enumerate(patterns.sources):
            if re2.search(source, text, _options()):
                assert waiting >> index & 1, source


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    return options
