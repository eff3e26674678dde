"""Labels of links that name a model, against the model that the link leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.contrasts import contrast
from cardlint.checks.doc_names import of_a_series, one_word_apart, squeeze
from cardlint.checks.places import quoted, tables
from cardlint.hub.names import renamed
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Block, Link

_PAGE = Pattern(
    r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?!(?:datasets|spaces|docs|blog|papers|collections)/)([\w.-]+)/([\w.-]*\w)/?(?:[?#].*)?"
)
_LABEL = Pattern(r"[ `*]*(?:([A-Za-z0-9][\w.-]*)/)?([A-Za-z0-9]+(?:[-_.][A-Za-z0-9.]+)+)[ `*]*")
_LETTER = Pattern(r"[A-Za-z]{2}")
_CHAT = Pattern(r"(?i)(?:^|[^a-z])chat(?:$|[^a-z])")
_TUNED = Pattern(r"(?i)chat|instruct|(?:^|[^a-z])(?:it|sft|dpo|rlhf)(?:$|[^a-z])")
"""Words of models that were tuned to answer."""
_ROW_KINDS = ("size", "parameters", "case", "language", "direction")
_KINDS = ("size", "parameters", "case", "voice", "language", "direction", "version")
_LONGEST = 60
_MOST_LINKS = 400
_MOST_RELATED = 20
_MOST_ROWS = 200


def other_model(card: Card) -> Iterator[Problem]:
    """Links that are labelled with one model's name, or stand in its row or column, and lead to another; one problem a card."""
    links = [link for link in card.outline.links[:_MOST_LINKS] if not link.image]
    wrong = [link for link in links if len(link.text) <= _LONGEST and _is_wrong(link)]
    if wrong:
        first, *others = wrong
        related = tuple(Related(link, f"{quoted(link.text)} leads elsewhere too") for link in others[:_MOST_RELATED])
        yield Problem(first, f"the link labelled {quoted(first.text)} leads to {quoted(first.url)}", value=first.url, related=related)
        return
    blocks = card.once(tables) if links else ()
    placed = [
        (link, head) for block in blocks for link in links if block.start <= link.start < block.end and (head := _head(card, block, link))
    ]
    if placed:
        (first, head), *rest = placed
        related = tuple(Related(link, f"beside {quoted(other)}, and elsewhere too") for link, other in rest[:_MOST_RELATED])
        message = f"the link beside {quoted(head)} leads to {quoted(first.url)}"
        yield Problem(first, message, value=first.url, related=related)


def _head(card: Card, block: Block, link: Link) -> str:
    """The head of a link's row or column that says another model than the link leads to; "" where neither does."""
    page = _PAGE.fullmatch(link.url)
    if page is None or len(block.rows) > _MOST_ROWS:
        return ""
    line = card.text[card.text.rfind("\n", 0, link.start) + 1 : link.start].lstrip()
    column = line.count("|") - line.startswith("|")
    name, row = page[2], line.strip(" |").partition("|")[0].strip(" *`") if column else ""
    head = block.rows[0][column].strip() if column < len(block.rows[0]) else ""
    for said in (row, head):
        if 0 < len(said) <= _LONGEST and (contrast(said, name, _ROW_KINDS) is not None or (_CHAT.search(said) and not _TUNED.search(name))):
            return said
    return ""


def _is_wrong(link: Link) -> bool:
    page = _PAGE.fullmatch(link.url)
    if page is None:
        return False
    owner, name = page.groups()
    label = _LABEL.fullmatch(link.text)
    if label is None:
        return contrast(link.text, name, _KINDS) is not None
    said_owner, said = label.groups()
    if squeeze(said) == squeeze(name) or not _LETTER.search(said):
        return False
    if said_owner and of_a_series(said_owner, said):
        return False
    if said_owner:
        return (renamed("model", f"{said_owner}/{said}") or "").lower() != f"{owner}/{name}".lower()
    return (one_word_apart(said, name) and not _is_copy(said, name)) or contrast(said, name, _KINDS) is not None


def _is_copy(said: str, name: str) -> bool:
    """Whether a page is called as the label is and goes on with letters, as copies in a format of one's own are."""
    short, long = squeeze(said), squeeze(name)
    return long.startswith(short) and long[len(short) : len(short) + 1].isalpha()
