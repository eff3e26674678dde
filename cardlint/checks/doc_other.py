"""A card that speaks of another model than the one it stands beside, or of none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.checks.doc_loads import squeeze
from cardlint.checks.places import quoted
from cardlint.model import Problem, Related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.model import Placed

_REPO_NAME = re.compile(r"(?:[\w.\-]+/)?[A-Za-z0-9]+(?:[-_.][A-Za-z0-9.]+){2,}")
_PAGE = re.compile(r"https?://(?:huggingface\.co|hf\.co)/(?:models/)?([\w.\-]+)/([\w.\-]+)")
_TOKENS = re.compile(r"[^a-z0-9]+")
_SHORTEST_TOKEN = 5
_LONGEST_ID = 100
_STREAM = re.compile(
    r"(?i)\b(?:repelis|pelicula|película|watch\W+(?:full\W+)?(?:movie|online)|full\W+movie|streaming\W+(?:vf|ita|gratuit|complet)"
    r"|ver\W+online|cuevana|123movies)"
)
_MOST_PAGES = 200


def title(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """A title that is a repository's name, but another's."""
    headings = card.outline.headings
    if not headings or headings[0].level != 1:
        return
    text = headings[0].text.strip(" `*_")
    if not _REPO_NAME.fullmatch(text):
        return
    own = squeeze(str(facts["id"]).rpartition("/")[2])
    said = squeeze(text.rpartition("/")[2])
    if len(said) > 5 and said not in own and own not in said:
        message = f"the title is {quoted(text)}, the repository '{facts['id']}'"
        yield Problem(headings[0], message, value=text)


def misspelt_id(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """Ids of this owner in code and links that differ from this repository's by a letter or two."""
    owner, slash, name = str(facts["id"]).rpartition("/")
    if not slash or len(name) > _LONGEST_ID:
        return
    own = _split(name)
    found: dict[str, Placed] = {}
    for claim in card.claims.repo_ids:
        if claim.value.lower().startswith(owner.lower() + "/"):
            found.setdefault(claim.value.rpartition("/")[2], claim)
    for link in card.outline.links[:_MOST_PAGES]:
        page = _PAGE.match(link.url)
        if page and page.group(1).lower() == owner.lower():
            found.setdefault(page.group(2), link)
    wrong = [(other, place) for other, place in found.items() if other.lower() != name.lower() and _near(own, _split(other))]
    if wrong:
        other, place = min(wrong, key=lambda each: each[1].start)
        related = tuple(Related(each, f"{quoted(said)} here") for said, each in wrong if each is not place)
        yield Problem(
            place,
            f"{quoted(f'{owner}/{other}')} is not quite this repository",
            help=f"It is '{facts['id']}'.",
            value=other,
            related=related,
        )


def _split(name: str) -> list[str]:
    return [token for token in _TOKENS.split(name.lower()) if token]


def _near(own: list[str], other: list[str]) -> bool:
    """Whether two names are the same but for a letter or two in one long word, or for blanks between words."""
    if "".join(own) == "".join(other):
        return True
    if len(own) != len(other):
        return False
    unlike = [(a, b) for a, b in zip(own, other, strict=True) if a != b]
    if len(unlike) != 1:
        return False
    a, b = unlike[0]
    letters = re.sub(r"\d", "", a), re.sub(r"\d", "", b)
    return min(len(letters[0]), len(letters[1])) >= _SHORTEST_TOKEN and letters[0] != letters[1] and _one_edit(a, b)


def _one_edit(a: str, b: str) -> bool:
    """Whether one letter was left out, put in, changed, or swapped with the next."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    return (
        a[start + 1 :] == b[start + 1 :]
        or a[start + 1 :] == b[start:]
        or a[start:] == b[start + 1 :]
        or (a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :])
    )


def spam(card: Card) -> Iterator[Problem]:
    """Pages that sell films or streams and describe no model."""
    text = card.text
    match = _STREAM.search(text, card.front_matter.end)
    if match is None or len(_STREAM.findall(text[:20_000])) < 3:
        return
    if any(section.status == "substantive" and name not in ("model_description", "description") for name, section in card.sections.items()):
        return
    first = card.outline.headings[0] if card.outline.headings else card.outline.blocks[0] if card.outline.blocks else None
    if first is not None:
        yield Problem(first, "the card advertises films and describes no model", value="spam")
