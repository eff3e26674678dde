"""What the cards that others copy leave behind: uses of another model, calls that a template did not fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.model import Problem
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
_CALLED = Pattern(r"\b(ALBERT|DistilBERT|RoBERTa|DeBERTa|CamemBERT|ELECTRA|XLNet|GPT-?2) model\b")
_OPENING = 600
_NO_PROMPT = Pattern(r"\bpipe(?:line)?\(\)(?=\.images)")


def leftover_use(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """Next sentence prediction offered by the card of a model that was not trained for it, and spoken of nowhere else."""
    text, start = card.text, card.front_matter.end
    offered = _OFFERED.search(text, start)
    if offered is None or len(_SPOKEN.findall(text[start:])) > 1:
        return
    headings = card.outline.headings
    names = (str(facts["id"] or "").rpartition("/")[2], headings[0].text if headings else "")
    named = next((match for match in map(_NAMED.search, names) if match), None)
    called = _CALLED.search(text[start : start + _OPENING]) if named is None else None
    family = tuple(_WITHOUT)[named.lastindex - 1] if named and named.lastindex else called[1] if called else None
    if family is not None:
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
