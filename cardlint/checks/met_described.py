"""The task that a card declares against the one that its text describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.values import texts
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.model import Placed

_OTHERS: dict[str, tuple[tuple[Pattern, str], ...]] = {
    "image-classification": ((Pattern(r"(?i)\bimage[ -]?caption\w*"), "image captioning"),),
    "automatic-speech-recognition": (
        (Pattern(r"(?i)\bspeech[ -]emotion[ -]recognition|\bemotion recognition (?:in|from|of)\b"), "the recognition of emotions"),
        (Pattern(r"(?i)\bspeaker[ -](?:recognition|verification|identification)"), "the work on speakers"),
        (Pattern(r"(?i)\b(?:spoken )?language identification"), "the identification of languages"),
    ),
    "text-classification": (
        (Pattern(r"(?i)\bmultiple[ -]choice"), "multiple choice"),
        (Pattern(r"(?i)\bnamed[ -]entity recognition|\bNER (?:model|tagger)"), "named entity recognition"),
        (Pattern(r"(?i)\bpart[ -]of[ -]speech tag\w*"), "the tagging of parts of speech"),
        (Pattern(r"(?i)\bword embeddings?"), "word embeddings"),
    ),
    "token-classification": (
        (Pattern(r"(?i)\bsequence[ -]classification"), "sequence classification"),
        (Pattern(r"(?i)\bsentiment[ -](?:analysis|classification)"), "sentiment analysis"),
    ),
    "question-answering": (
        (Pattern(r"(?i)\bnamed[ -]entity recognition"), "named entity recognition"),
        (Pattern(r"(?i)\bsentiment[ -](?:analysis|classification)"), "sentiment analysis"),
    ),
    "text-to-speech": ((Pattern(r"(?i)\b(?:automatic )?speech[ -]recognition"), "speech recognition"),),
    "image-to-text": ((Pattern(r"(?i)\btext[ -]to[ -]image"), "text to image"),),
    "object-detection": ((Pattern(r"(?i)\bimage[ -]classification"), "image classification"),),
}
"""For a declared task, tasks that a text may describe instead, and how a message calls them."""
_OWN: dict[str, Pattern] = {
    "image-classification": Pattern(r"(?i)classif|categor|\bclass(?:es)?\b|ImageNet"),
    "automatic-speech-recognition": Pattern(r"(?i)transcri|speech[ -]recognition|\bWER\b|\bASR\b|speech[ -]to[ -]text"),
    "text-classification": Pattern(
        r"(?i)classif|sentiment|emotion|toxic|\bhate|categor|entail|\bNLI\b|inference|detect|intent|\blabels?\b|scor(?:e|ing)|rank|stance"
        r"|paraphras|polarity|similar|predict|regress"
    ),
    "token-classification": Pattern(
        r"(?i)token|entit|tag(?:s|ger|ging)?\b|NER|\bPOS\b|of[ -]speech|extract|span|punctuat|chunk|segment|detect|anonymi"
    ),
    "question-answering": Pattern(r"(?i)question|answer|QA|SQuAD|comprehension"),
    "text-to-speech": Pattern(r"(?i)TTS|text[ -]to[ -]speech|synthes|vocod|voice|spectrogram|speak"),
    "image-to-text": Pattern(r"(?i)caption|OCR|describ|text from|recogni|transcri|pars(?:e|ing)|document"),
    "object-detection": Pattern(r"(?i)detect|bounding|\bbox|YOLO|track"),
}
"""Words that speak of a declared task, however loosely: where one stands, nothing is said."""
_EMOTIONS = Pattern(r"(?i)speech[ -]emotion[ -]recognition")
_READ = 2500


def other_task(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """A declared task of which no word of the card speaks, where the start of the text describes another; one problem a card."""
    declared = {value.lower(): at for key in ("tags", "pipeline_tag") for at, value in texts(card, key) if value.lower() in _OTHERS}
    for task, at in declared.items():
        own = _OWN[task]
        body = _EMOTIONS.sub("", card.prose) if task == "automatic-speech-recognition" else card.prose
        if own.search(body) or own.search(str(facts["id"] or "").rpartition("/")[2]):
            continue
        for place, text in _start(card):
            name = next((name for pattern, name in _OTHERS[task] if pattern.search(text)), None)
            if name:
                message = f"the task is said to be {task!r}, the text describes {name}"
                yield Problem(at, message, value=task, related=(Related(place, "described here"),))
                return


def _start(card: Card) -> Iterator[tuple[Placed, str]]:
    """The headings and the blocks of text at the start of a card."""
    end = card.front_matter.end + _READ
    for heading in card.outline.headings:
        if heading.start < end:
            yield heading, heading.text
    for block in card.outline.blocks:
        if block.start < end and block.kind != "code":
            yield block, block.text
