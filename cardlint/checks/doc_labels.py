"""Labels of links that name a model, against the model that the link leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.contrasts import contrast
from cardlint.checks.doc_names import one_word_apart, squeeze
from cardlint.checks.places import quoted
from cardlint.hub.names import renamed
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Link

_PAGE = Pattern(
    r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?!(?:datasets|spaces|docs|blog|papers|collections)/)([\w.-]+)/([\w.-]*\w)/?(?:[?#].*)?"
)
_LABEL = Pattern(r"[ `*]*(?:([A-Za-z0-9][\w.-]*)/)?([A-Za-z0-9]+(?:[-_.][A-Za-z0-9.]+)+)[ `*]*")
_LETTER = Pattern(r"[A-Za-z]{2}")
_KINDS = ("size", "parameters", "case", "voice", "language", "version")
_LONGEST = 60
_MOST_LINKS = 400
_MOST_RELATED = 20


def other_model(card: Card) -> Iterator[Problem]:
    """Links that are labelled with one model's name and lead to another model; one problem a card."""
    wrong = [link for link in card.outline.links[:_MOST_LINKS] if not link.image and len(link.text) <= _LONGEST and _is_wrong(link)]
    if wrong:
        first, *others = wrong
        related = tuple(Related(link, f"{quoted(link.text)} leads elsewhere too") for link in others[:_MOST_RELATED])
        yield Problem(first, f"the link labelled {quoted(first.text)} leads to {quoted(first.url)}", value=first.url, related=related)


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
    if said_owner:
        return (renamed("model", f"{said_owner}/{said}") or "").lower() != f"{owner}/{name}".lower()
    return one_word_apart(said, name) or contrast(said, name, _KINDS) is not None
