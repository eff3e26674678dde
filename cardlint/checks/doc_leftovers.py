"""What the cards that others copy leave behind: uses of another model, calls that a template did not fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.model import Problem, Related
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_OFFERED = Pattern(
    r"(?i)\bcan use (?:the|this) (?:raw |released )?model for (?:either )?(?:masked language modell?ing or\s+)?"
    r"(next[ -]sentence\s+prediction)"
)
_SPOKEN = Pattern(r"(?i)next[ -]sentence|NextSentence|\bNSP\b")
_WITHOUT = {
    "ALBERT": "albert",
    "DistilBERT": r"distil\w{0,12}bert",
    "CamemBERT": "camembert",
    "RoBERTa": "roberta",
    "DeBERTa": "deberta",
    "ELECTRA": "electra",
    "XLNet": "xlnet",
    "GPT": r"gpt-?(?:2|j|neo)",
}
"""Families whose training leaves this objective of BERT out or puts another one in its place, by the names that titles and ids hold."""
_NAMED = Pattern("(?i)" + "|".join(f"({name})" for name in _WITHOUT.values()))
_NO_PROMPT = Pattern(r"\bpipe(?:line)?\(\)(?=\.images)")
_ANNOUNCED = Pattern(
    r"(?i)\bpipelines? for ((?:masked|causal) language model(?:l?ing)|text[ -]generation|sentiment[ -]analysis"
    r"|(?:text|token|image)[ -]classification|question[ -]answering|summari[sz]ation|fill-mask"
    r"|named entity recognition|(?:automatic )?speech[ -]recognition)\b"
)
_MADE = Pattern(r"\bpipeline\(\s*(?:task\s*=\s*)?[\"']([a-z][a-z0-9_-]{2,40})[\"']")
_WRITES = ("text-generation", "text2text-generation", "conversational", "image-text-to-text")
_TASKS: dict[str, tuple[str, ...]] = {
    "masked language modeling": ("fill-mask",),
    "masked language modelling": ("fill-mask",),
    "fill mask": ("fill-mask",),
    "causal language modeling": _WRITES,
    "causal language modelling": _WRITES,
    "text generation": (*_WRITES, "summarization", "translation"),
    "sentiment analysis": ("sentiment-analysis", "text-classification", "zero-shot-classification"),
    "text classification": ("sentiment-analysis", "text-classification", "zero-shot-classification"),
    "token classification": ("token-classification", "ner"),
    "named entity recognition": ("token-classification", "ner"),
    "image classification": ("image-classification", "zero-shot-image-classification"),
    "question answering": ("question-answering", "visual-question-answering", "document-question-answering", *_WRITES),
    "summarization": ("summarization", *_WRITES),
    "summarisation": ("summarization", *_WRITES),
    "speech recognition": ("automatic-speech-recognition",),
    "automatic speech recognition": ("automatic-speech-recognition",),
}
"""The pipelines that a text may mean by a task's name; translation's are called by languages, too, and are left out."""
_NEAR = 3


def leftover_use(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """Next sentence prediction offered by the card of a model that was not trained for it, and spoken of nowhere else."""
    text, start = card.text, card.front_matter.end
    offered = _OFFERED.search(text, start)
    if offered is None or len(_SPOKEN.findall(text[start:])) > 1:
        return
    headings = card.outline.headings
    names = (str(facts["id"] or "").rpartition("/")[2], headings[0].text if headings else "")
    named = next((match for match in map(_NAMED.search, names) if match), None)
    if named is None or named.lastindex is None:
        return
    family = tuple(_WITHOUT)[named.lastindex - 1]
    for block in card.outline.blocks:
        at = block.text.find(offered[1]) if block.kind in ("paragraph", "item") else -1
        if at >= 0:
            place = card.outline.place(block, at, at + len(offered[1]))
            message = f"next sentence prediction is offered as a use, but {family} is not trained for it"
            yield Problem(place, message, value="next sentence prediction")
            return


def without_prompt(card: Card) -> Iterator[Problem]:
    """A pipeline of Stable Diffusion that is called without a prompt, which it refuses; one problem a card."""
    for block in card.outline.blocks:
        if block.kind == "code" and "StableDiffusion" in block.text:
            match = _NO_PROMPT.search(block.text)
            if match:
                yield Problem(card.outline.place(block, *match.span()), "the pipeline is called without a prompt", value=match.group())
                return


def other_pipeline(card: Card) -> Iterator[Problem]:
    """Text that announces a pipeline for one task, and below it code that makes one for another; the first place."""
    blocks = card.outline.blocks
    for index, block in enumerate(blocks[:-1]):
        if block.kind == "code" or not (said := _ANNOUNCED.search(block.text)):
            continue
        code = next((each for each in blocks[index + 1 : index + 1 + _NEAR] if each.kind == "code"), None)
        made = _MADE.findall(code.text) if code else []
        tasks = _TASKS.get(" ".join(said[1].lower().replace("-", " ").split()), ())
        if code and made and tasks and not any(task in tasks for task in made):
            place = card.outline.place(block, *said.span(1))
            match = _MADE.search(code.text)
            related = (Related(card.outline.place(code, *match.span(1)), "the pipeline"),) if match else ()
            message = f"a pipeline for {said[1].lower()} is announced, the code makes one for {made[0]!r}"
            yield Problem(place, message, value=made[0], related=related)
            return
