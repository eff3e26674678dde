"""Results that are not told, and sections that promise numbers: metrics without a value, text generation without settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.absence import has_heading, has_no_weights, is_no_model, may_tell, trained_elsewhere
from cardlint.checks.places import first_line
from cardlint.model import Problem
from cardlint.patterns import Cue, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.facts.document import Facts

_NAME = Pattern(
    r"(?i)\b(?:accuracy|precision|recall|f1(?:[- ]?score)?|bleu|rouge|wer|cer|perplexity|mse|rmse|mae|auc|map|exact match"
    r"|loss|iou|meteor)\b"
)
_DIGIT = Pattern(r"\d")
_REFERS = Pattern(
    r"(?i)\b(?:paper|see|table|figure|report|blog|leaderboard|benchmark|repository|repo|github|here|below|above|link|outperform|better|best|"
    r"improve|achiev|higher|lower|state)"
)
_GENERATIVE = frozenset({"text-generation", "text2text-generation", "conversational", "image-text-to-text"})
_SETTINGS = Cue(
    r"(?i)temperature|top[ _-]?[pk]\b|beam|sampl(?:e|ing)\b|max_(?:new_)?(?:tokens|length)|greed(?:y|ily)"
    r"|repetition|decod|generation_?config"
)

_GENERATES = Cue(r"(?i)\b(?:generate|pipeline|chat|llm|complete|infer)\(|completions?\b|ollama|llama-(?:cli|server)|vllm|sglang")
"""Code and servers by which text is written; other snippets only load the weights."""
_DATA = Cue(
    r"(?i)\b(?:cases?|suites?|(?:test|validation|dev|held[- ]?out|evaluation|eval)[- _]?(?:sets?|data|splits?)|held[- ]?out|samples"
    r"|examples|questions|prompts|subjects|trials|sessions?|episodes|benchmarks?)\b"
    r"|[测測评評验驗开開][试試测測估證证发發]集|[题題集]上|テスト(?:データ|セット)|評価(?:データ|セット)|検証(?:データ|セット)"
)
"""What was measured on, in the words of those who name no dataset."""


def no_results(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card without results or a word of what was measured; of a model of its own, not of converted weights or a tokenizer."""
    sections = facts["sections"]
    results = sections["evaluation_results"]
    if results["status"] != "absent" or results["documented"] != "none" or sections["model_description"]["status"] == "absent":
        return
    if has_heading(card, "results") or may_tell(card, "results"):
        return
    if not (is_no_model(card) or trained_elsewhere(card) or has_no_weights(card)):
        yield Problem("section:evaluation_results", "the card reports no result of an evaluation")


def results_without_data(card: Card, facts: Facts) -> Iterator[Problem]:
    """Results of a model of its own, and no data anywhere that was measured on."""
    sections = facts["sections"]
    data = sections["evaluation_data"]
    if sections["evaluation_results"]["status"] != "substantive" or data["status"] != "absent" or data["documented"] != "none":
        return
    if sections["training_data"]["documented"] == "none" and not _DATA.occurs(card.utf8) and not trained_elsewhere(card):
        yield Problem("section:evaluation_results", "results are given, but no data is named anywhere")


def is_generative(text: str) -> bool:
    """Whether a task's models write text."""
    return text in _GENERATIVE


def names_without_values(card: Card) -> Iterator[Problem]:
    """An evaluation section that names metrics and gives no number, link, image or reference."""
    section = card.sections.get("evaluation_results")
    if section is None or section.status not in ("thin", "substantive") or not section.heading:
        return
    text = card.text[section.start : section.end]
    rest = text.partition("\n")[2]
    if any(mark in rest for mark in ("](", "<", "|")) or _DIGIT.search(rest.replace("f1", "").replace("F1", "")):
        return
    names = list(dict.fromkeys(match.group().lower() for match in _NAME.finditer(rest)))
    without = _NAME.sub("", rest)
    if names and not _REFERS.search(rest) and not any(char.isdigit() for char in without):
        shown = ", ".join(names[:5])
        yield Problem(first_line(card, section.start, section.end), f"the section names {shown} and gives no value", value=shown)


def no_decoding_settings(card: Card) -> Iterator[Problem]:
    """Instructions for a model that writes text, without a word on settings of the generation."""
    task = card.front_matter.metadata.get("pipeline_tag")
    if not isinstance(task, str) or task not in _GENERATIVE or _SETTINGS.occurs(card.utf8):
        return
    if card.sections["how_to_use"].status in ("thin", "substantive") and _GENERATES.occurs(card.utf8):
        yield Problem("section:how_to_use", "nothing is said on the settings to generate with")
