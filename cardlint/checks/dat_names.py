"""Names of datasets: words that name none, and what front matter and prose say of the training data."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from cardlint.checks.places import quoted
from cardlint.checks.values import texts
from cardlint.data import vocabulary
from cardlint.model import Problem, Related
from cardlint.vocab.nearest import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.card.card import Card
    from cardlint.card.claims import Claim

_PAGE = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/datasets/([\w.-]+/[\w.-]*\w)")
_ID = re.compile(r"[A-Za-z0-9][\w.-]{1,95}/[A-Za-z0-9][\w.-]{2,95}", re.ASCII)
_WORD = re.compile(r"[^\W\d_]{3,}|\d+", re.UNICODE)
_NOTHING = frozenset({"none", "unknown", "null", "nan"})


def undeclared(card: Card) -> Iterator[Problem]:
    """Hub datasets that the prose names or links as training data and that ``datasets`` omits; one problem a card."""
    if "/" not in card.text or "dataset" not in card.text.lower():
        return
    given = [value for _, value in texts(card, "datasets")]
    known = {_tail(value) for value in given} | {squeeze(value) for value in given}
    missing = [(claim, name) for claim, name in _training_ids(card) if _tail(name) not in known]
    if missing:
        claim, name = missing[0]
        names = list(dict.fromkeys(name for _, name in missing))
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        related = tuple(Related(other, f"{other_name} is not listed either") for other, other_name in missing[1:10])
        help_text = "datasets: [" + ", ".join([*given, *names[:5]]) + "]"
        message = f"trained on {quoted(name)}{more}, which `datasets` does not list"
        yield Problem(claim, message, help=help_text, value=name, related=related)


def _training_ids(card: Card) -> Iterator[tuple[Claim, str]]:
    """The claims of training data that name a dataset of the hub, by their text or by the link below it."""
    links = {link.start: link.url for link in card.outline.links}
    for claim in card.claims.datasets:
        url = links.get(claim.start) or links.get(claim.start - 1) or ""
        page = _PAGE.match(url)
        if page:
            yield claim, page.group(1)
        elif _ID.fullmatch(claim.value) and "huggingface.co" in card.text:
            yield claim, claim.value


def contradicts(card: Card) -> Iterator[Problem]:
    """Training data in the prose of which ``datasets`` names nothing."""
    given = list(texts(card, "datasets"))
    said = [claim for claim in card.claims.datasets if claim.value.lower() not in _NOTHING] if given else []
    if not said or any(_same(value, claim.value) for _, value in given for claim in said):
        return
    names = ", ".join(dict.fromkeys(quoted(value) for _, value in given[:4]))
    related = (Related(said[0], "the prose"),)
    yield Problem(given[0][0], f"lists {names}; the prose says trained on {quoted(said[0].value)}", value=given[0][1], related=related)


def two_stories(card: Card) -> Iterator[Problem]:
    """One name of training data under its own heading, another one elsewhere."""
    section = card.sections.get("training_data")
    if section is None or not section.heading:
        return
    claims = [claim for claim in card.claims.datasets if claim.value.lower() not in _NOTHING]
    inside = [claim for claim in claims if section.start <= claim.start < section.end]
    before = [claim for claim in claims if claim.start < section.start]
    if not inside or len(before) != 1 or any(_same(one.value, other.value) for one in inside for other in before):
        return
    text = card.text[section.start : section.end]
    if _words(before[0].value) & _words(text) or squeeze(before[0].value) in squeeze(text):
        return
    message = f"trained on {quoted(before[0].value)} here, on {quoted(inside[0].value)} under {quoted(section.heading)}"
    yield Problem(before[0], message, value=before[0].value, related=(Related(inside[0], "the other name"),))


def _tail(value: str) -> str:
    return squeeze(value.rsplit("/", 1)[-1])


@cache
def _generic() -> frozenset[str]:
    return frozenset(vocabulary("data_words")["generic"])


def _words(value: str) -> set[str]:
    return {word for word in _WORD.findall(value.lower()) if word not in _generic() and (len(word) > 2 or not word.isdigit())}


def _same(one: str, other: str) -> bool:
    """Whether two names may mean the same data: a common word, one inside the other, or initials."""
    forms: Sequence[str] = (squeeze(one), squeeze(other))
    short, long = sorted((_tail(one), _tail(other)), key=len)
    if not short or short in long or forms[0] in forms[1] or forms[1] in forms[0] or _words(one) & _words(other):
        return True
    return any(_initials(name) in form for name, form in ((one, forms[1]), (other, forms[0])))


def _initials(name: str) -> str:
    words = re.findall(r"[A-Za-z]+", name)
    return "".join(word[0] for word in words).lower() if len(words) > 2 else "\0"  # two letters are in every name
