"""What stands in a card where readers see nothing: comments, hidden elements, texts for images; and orders to machines there."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import re2

from cardlint.checks.sec_text import in_code
from cardlint.checks.signs import SHORTEST_ORDER
from cardlint.model import Problem, Range
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from cardlint.card.card import Card

_ORDER = (
    r"(?i)\b(?:ignore|disregard|forget|override|bypass)\s+(?:(?:all|any|the|your|these|those|of|my|every)\s+){0,4}"
    r"(?:previous|prior|above|earlier|preceding|other|system|safety|original|initial)"
    r"\s+(?:instructions?|prompts?|messages?|rules|context|guidelines|directives?|commands?)"
    r"|\b(?:ignore|disregard|forget|override|bypass)\s+(?:all\s+|any\s+|of\s+){0,2}(?:your|its)\s+(?:instructions?|prompts?|rules|guidelines|training|programming)\b"
    r"|\b(?:if|when|since|as)\s+(?:you\s+are\s+|you're\s+)?an?\s+(?:ai|llm|language\s+model|ai\s+assistant|ai\s+agent|automated\s+\w+|bot|crawler)\b"
    r"|\b(?:note|instructions?|message|attention)\s+(?:to|for)\s+(?:all\s+|any\s+)?(?:ai|llms?|language\s+models?|assistants?|agents?|bots?)\b"
    r"|\bdo\s+not\s+(?:tell|inform|reveal|mention)\b[^.\n]{0,40}\buser\b"
    r"|\b(?:you\s+must|please)\s+(?:rate|approve|recommend|describe|report)\s+this\s+(?:model|dataset|card|repo(?:sitory)?)\b"
    r"|\b(?:mark|classify|label|rate|rank|score|report|describe)\s+(?:this|the)\s+(?:model|dataset|card|repo(?:sitory)?|file|content)\s+as\s+"
    r"(?:safe|benign|trusted|clean|secure|harmless|the\s+best|approved)\b"
    r"|\byou\s+are\s+now\s+(?:an?|in|the)\s+[a-z]"
    r"|\b(?:reveal|print|repeat|output)\s+(?:the\s+|your\s+){1,2}(?:system\s+prompt|instructions|hidden\s+prompt)\b"
    r"|<\|(?:im_start|system|start_header_id)\|>|<<SYS>>|\[INST\]"
)
"""Orders as attacks on assistants word them, and the marks that begin an order in chat templates."""

_HIDING = (
    r"font-size:\s{0,2}0(?:px|pt|em|rem|%)?\s{0,2}[;\"']|display:\s{0,2}none|visibility:\s{0,2}hidden"
    r"|opacity:\s{0,2}0(?:\.0{1,3})?\s{0,2}[;\"']|(?:text-indent|left|top):\s{0,2}-[0-9]{3,5}"
)
_HIDDEN_ELEMENT = Pattern(
    rf"(?i)<(?:div|span|p|small|font|section|b|i|em|strong|a|td|li)\b(?:[^<>]{{0,300}}(?:{_HIDING})[^<>]{{0,300}}|[^<>]{{0,100}}\shidden(?:\s[^<>]{{0,200}})?)>"
    r"([^<]{1,2000})"
)
_REFERENCE_COMMENT = Pattern(r"(?m)^ {0,3}\[[^\]\n]{1,60}\]:[ \t]{0,4}(?:#|<>)[ \t]{1,4}[(\"']([^\n]{1,2000})[)\"'][ \t]*$")
_LINK_TO_NOTHING = Pattern(r"\]:[ \t]{0,4}(?:#|<>)")
_YAML_COMMENT = Pattern(r"(?m)^[ \t]{0,40}#([^\n]{1,2000})$")
_PEOPLE = ("research", "engineer", "develop", "expert", "enthusiast", "practition", "student", "compan", "startup", "lab")
"""What follows "if you are an AI" where people are meant."""
_FEWEST_WORDS = 4


@cache
def _order() -> re2._Regexp[str]:
    return re2.compile(_ORDER)


@lru_cache(maxsize=1024)
def _ordered(text: str) -> str:
    """The order in a text, "" where there is none; most comments are those of a tool."""
    if len(text) < SHORTEST_ORDER:
        return ""
    for found in _order().finditer(text):
        if not text[found.end() :].lstrip().lower().startswith(_PEOPLE):
            return " ".join(found.group().split())[:60]
    return ""


def instructions(card: Card) -> Iterator[Problem]:
    """Orders to machines where readers see none."""
    for what, start, end, said in _unseen(card):
        order = _ordered(said)
        if order:
            yield Problem(Range(start, end), f"{what} gives orders to machines: '{order}'", value=order)


def _unseen(card: Card) -> Iterator[tuple[str, int, int, str]]:
    """Texts that a rendered card does not show: what they are, where, and their words."""
    text, block = card.text, card.front_matter
    for comment in card.outline.comments:
        yield "a comment", comment.start, comment.end, comment.text
    for link in card.outline.links:
        if link.image and len(link.text) >= SHORTEST_ORDER:
            yield "the text for an image", link.start, link.end, link.text
    for match in _REFERENCE_COMMENT.finditer(text, block.end) if _LINK_TO_NOTHING.search(text, block.end) else ():
        if not in_code(card, match.start()):
            yield "a comment", *match.span(), match.group(1)
    for match in _YAML_COMMENT.finditer(text, block.start, block.closing) if text.find("#", block.start, block.closing) >= 0 else ():
        yield "a comment of the front matter", *match.span(), match.group(1)
    for match in hidden_elements(card):
        yield "a hidden element", *match.span(1), match.group(1)


def hidden_elements(card: Card) -> Iterator[re.Match[str]]:
    """Elements outside of code that their own attributes hide, with the text that they begin with."""
    if "style" not in card.text and "hidden" not in card.text:
        return
    for match in _HIDDEN_ELEMENT.finditer(card.text, card.front_matter.end):
        if not in_code(card, match.start()):
            yield match


def unseen_words(card: Card) -> Iterator[Problem]:
    """Words in elements that are hidden from every reader."""
    for match in hidden_elements(card):
        words = match.group(1).split()
        if len(words) >= _FEWEST_WORDS:
            start = match.start(1) + len(match.group(1)) - len(match.group(1).lstrip())
            message = f"a hidden element holds {len(words)} words that no reader sees: '{' '.join(words)[:60]}'"
            yield Problem(Range(start, start + len(match.group(1).strip())), message, value=" ".join(words)[:200])
