"""Prose that is read once: an answer does not depend on what was asked before."""

from __future__ import annotations

import pytest

from cardlint.card.sections import code
from cardlint.card.sections.evidence import patterns_of
from cardlint.card.sections.passage import Passage, passage
from cardlint.card.sections.words import BOILERPLATE, FILLER, SAID, count_words, verdict

TEXT = "It was trained on 3 epochs of Wikipedia with batch size 8 and achieves 90.1% accuracy on the SQuAD test set. Licensed under MIT."


def test_what_was_asked_before_changes_no_answer() -> None:
    patterns = patterns_of("model")
    names = ("license", "training_data", "training_procedure", "evaluation_results", "evaluation_data")
    asked = passage("model", TEXT)
    for _ in range(2):
        for name in names:
            assert asked.evidence(patterns.of([name])) == Passage("model", TEXT).evidence(patterns.of([name])), name
    assert asked.evidence(-1) == Passage("model", TEXT).evidence(-1) != []


def test_a_passage_is_of_its_kind_of_card() -> None:
    assert {name for name, _ in passage("dataset", TEXT).evidence(-1)} != {name for name, _ in passage("model", TEXT).evidence(-1)}


def test_a_citation_in_prose_needs_its_year() -> None:
    cited = "Lovelace, A. and Hopper, G. Notes on rivers. {}."
    assert "citation" in {name for name, _ in Passage("model", cited.format("1998")).evidence(-1)}
    assert "citation" not in {name for name, _ in Passage("model", cited.format("Vol. 7")).evidence(-1)}


@pytest.mark.parametrize("text", ["TBD", "tbd.", "N/A", "**n/a**", "NaN...", "[More Information Needed]", "- none -", "待补充。"])
def test_filler(text: str) -> None:
    assert verdict(text) == FILLER


@pytest.mark.parametrize("text", ["nano", "tbde", "NAN is no number", "It is more than information", "模型"])
def test_no_filler(text: str) -> None:
    assert verdict(text) == SAID


def test_boilerplate_stands_at_the_start() -> None:
    sentence = "This model is limited by its training dataset. This may not generalize well for all use cases."
    assert verdict(sentence) == BOILERPLATE
    assert verdict(f"We think: {sentence}") == SAID


def test_template_sentence_that_goes_on_about_the_model_is_said() -> None:
    assert verdict("This model is limited by its training dataset of entity-annotated news articles.") == SAID


@pytest.mark.parametrize(
    "text",
    [
        *("from x import y", "import os", "m = M.from_pretrained(n)", "pipeline('x')", "pip install x", "pip3 install x", "python3 a.py"),
        *("git clone x", "curl x", "docker ps", "load(x)", "model(x)", "x.predict(y)", "generate", "wget x", "ollama pull x", "run x"),
        *("tokenizer", ">>> 1"),
    ],
)
def test_usage(text: str) -> None:
    assert code.is_usage("", text)


@pytest.mark.parametrize("text", ["running", "models", "{'epochs': 3}", ""])
def test_no_usage(text: str) -> None:
    assert not code.is_usage("", text)


@pytest.mark.parametrize("kind", ["@article{a,", "@misc {a,", "@ inproceedings{a,", "@MastersThesis{a,"])
def test_bibtex(kind: str) -> None:
    assert code.is_citation(f"{kind} title={{b}}}}")


def test_output() -> None:
    assert code.is_output("[{'score': 0.9}]")
    assert not code.is_output("score = 0.9")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *(("one two", 2), ("“one” – two 🤗", 4), ("één twee", 2), ("模型很好", 2), ("ひらがな", 2), ("모델", 1), ("ภาษาไทย", 3)),
        *(("the 模型", 2), ("\ud800 x", 2), ("मॉडल अच्छा", 2)),
    ],
)
def test_words_in_any_script(text: str, words: int) -> None:
    assert count_words(text) == words


def test_no_unspaced_letter_is_overlooked() -> None:
    for ranges in ((0x0E00, 0x0E80), (0x3040, 0x3100), (0x3400, 0xA000), (0xAC00, 0xD7A4)):
        for code_point in (ranges[0], sum(ranges) // 2, ranges[1] - 1):
            assert count_words(chr(code_point) * 8) == 4, hex(code_point)
