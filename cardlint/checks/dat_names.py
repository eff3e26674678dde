"""Names of datasets: words that name none, and what front matter and prose say of the training data."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, Any

from cardlint.checks.doc_names import of_a_series
from cardlint.checks.places import quoted
from cardlint.checks.values import addition, texts
from cardlint.data import vocabulary
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple
from cardlint.vocab.nearest import squeeze

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from cardlint.card.card import Card
    from cardlint.card.claims import Claim
    from cardlint.model import Placed

_PAGE = Pattern(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/datasets/([\w.-]+/(?!viewer/|tree/|blob/|resolve/)[\w.-]*\w)")
_ID = Pattern(r"[A-Za-z0-9][\w.-]{1,95}/[A-Za-z0-9][\w.-]{2,95}", re.ASCII)
_LONGEST_ABBREVIATION = 6
_MOST_ADDED = 5
"""Datasets that are advised by name."""
_WORD = Pattern(r"[^\W\d_]{3,}|\d+", re.UNICODE)
_NAME = Pattern(r"[A-Z0-9][\w./-]{2,30}(?: \d[\d.]*)?|[\w.-]+[/_-][\w./-]+")
_CODE = Pattern(r"(?:[\w-]+/)?\w+(?:[_-]\w+)+")
_MADE = Pattern(
    r"(?i)\b(?:model|classifier|it|network|filter|tagger|this) (?:was used )?to "
    r"(?:build|create|construct|curate|filter|produce|generate|label|annotate|clean)\b"
)
"""Words before data that was made with the model, and not the model of it."""
_EARLIER = Pattern(r"(?i)pre-?train(?!ed model *\n)|further trained|additional|intermediate|distil")


def undeclared(card: Card) -> Iterator[Problem]:
    """Hub datasets that the prose names or links as training data and that ``datasets`` omits; one problem a card."""
    given = [value for _, value in texts(card, "datasets")]
    missing = data_told(card, given)
    if missing:
        claim, name = missing[0]
        names = list(dict.fromkeys(name for _, name in missing))
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        related = tuple(Related(other, f"{other_name} is not listed either") for other, other_name in missing[1:10])
        help_text = "write `datasets: [" + ", ".join([*given, *names[:_MOST_ADDED]]) + "]`."
        message = f"the text names {quoted(name)}{more} as its data, but `datasets` does not"
        fix = addition(card, "datasets", names[:_MOST_ADDED]) if len(names) <= _MOST_ADDED else None
        yield Problem(claim, message, help=help_text, value=name, fix=fix, related=related, about="datasets")


def data_told(card: Card, given: Sequence[str] = ()) -> list[tuple[Claim, str]]:
    """The datasets on the hub that the text names or links as training data, and that are none of the given ones: claim and id."""
    possible = _possible_ids(card)
    if not possible:
        return []
    known = {_tail(value) for value in given} | {squeeze(value) for value in given}
    unknown = [each for each in possible if _tail(each.name) not in known]
    if not unknown or not _may_train_on(card, unknown):
        return []
    return [(claim, name) for claim, name in _training_ids(card) if _tail(name) not in known and not _is_product(card, claim)]


class _Possible(NamedTuple):
    """An id that a card names, the blocks it may stand in (where they begin), and whether as a link."""

    name: str
    blocks: Collection[int]
    linked: bool


def _possible_ids(card: Card) -> list[_Possible]:
    """Every id that `_training_ids` could yield, as far as links and the form of words tell: what was trained on is read last."""
    found = []
    outline = card.outline
    parts: list[Placed] = [*outline.headings, *outline.blocks]
    for link in outline.links:
        if "/datasets/" in link.url and (page := _PAGE.match(link.url)):
            around = [each.start for each in parts if each.start < link.end and link.start < each.end]
            found.append(_Possible(page.group(1), around, linked=True))
    if "huggingface.co" in card.text:
        found += [_Possible(name, (block,), linked=False) for name, block in card.claims.written_names]
    return found


def _may_train_on(card: Card, possible: list[_Possible]) -> bool:
    """Whether the blocks in which the ids stand name anything as training data that can be one of them."""
    linked = {block for each in possible if each.linked for block in each.blocks}
    written = {block for each in possible if not each.linked for block in each.blocks}
    for item in card.claims.training_data_in(linked | written):
        if item.url or item.block.start in linked or "/" in item.block.text[item.start : item.end]:
            return True
    return False


def _training_ids(card: Card) -> Iterator[tuple[Claim, str]]:
    """The claims of training data that name a dataset of the hub, by their text or by the link below it."""
    links = card.outline.links
    slashed = vocabulary("data_words")["slashed"]
    for claim in card.claims.datasets:
        at = bisect_right(links, claim.start, key=lambda link: link.start) - 1
        url = links[at].url if at >= 0 and claim.start < links[at].end else ""
        page = _PAGE.match(url)
        if page:
            yield claim, page.group(1)
        elif not url and _ID.fullmatch(claim.value) and "huggingface.co" in card.text and claim.value.lower() not in slashed:
            owner, _, name = claim.value.partition("/")
            if not of_a_series(owner, name):
                yield claim, claim.value


def contradicts(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """One dataset under ``datasets``, and prose by which the model was trained on another one and on nothing else."""
    given = list(texts(card, "datasets"))
    if len(given) != 1:
        return
    at, value = given[0]
    if value.strip().lower() in _nothing() or value.rsplit("/", 1)[-1].lower() in vocabulary("data_words")["collections"]:
        return
    if _is_own(value, str(facts["id"] or "")):
        return
    said = [claim for claim in card.claims.datasets if claim.value.lower() not in _nothing()]
    if len(said) != 1 or not _NAME.fullmatch(said[0].value) or _same(value, said[0].value) or _pretrained(card, said[0]):
        return
    message = f"lists {quoted(value)}; the prose says trained on {quoted(said[0].value)}"
    yield Problem(at, message, value=value, related=(Related(said[0], "the prose"),))


def _is_own(value: str, own_id: str) -> bool:
    """Whether a dataset is the makers' own, by its owner or as it is called after the model: the prose may name what it was made of."""
    owner, _, name = own_id.lower().rpartition("/")
    if owner and value.lower().startswith(f"{owner}/"):
        return True
    own = squeeze(name)
    return len(own) > _LONGEST_ABBREVIATION and own in _tail(value)


def two_stories(card: Card) -> Iterator[Problem]:
    """Two names in the form of ids for the training data, one under its own heading, one before it."""
    section = card.sections.get("training_data")
    if section is None or not section.heading:
        return
    claims = [claim for claim in card.claims.datasets if not _pretrained(card, claim)]
    inside = [claim for claim in claims if section.start <= claim.start < section.end]
    before = [claim for claim in claims if claim.start < section.start]
    if len(inside) != 1 or len(before) != 1 or not _CODE.fullmatch(inside[0].value) or not _CODE.fullmatch(before[0].value):
        return
    one, other = before[0], inside[0]
    if _tail(one.value) in squeeze(card.text[section.start : section.end]) or _tail(other.value) in squeeze(
        card.text[card.front_matter.end : section.start]
    ):
        return
    message = f"trained on {quoted(one.value)} here, on {quoted(other.value)} under {quoted(section.heading)}"
    yield Problem(one, message, value=one.value, related=(Related(other, "the other name"),))


def _pretrained(card: Card, claim: Claim) -> bool:
    """Whether the sentence before a claim speaks of an earlier step of the training."""
    begin = max(claim.start - 200, card.text.rfind(". ", 0, claim.start), 0)
    return _EARLIER.search(card.text, begin, claim.start) is not None


def _is_product(card: Card, claim: Claim) -> bool:
    """Whether the sentence before a claim says that the data was made with the model."""
    begin = max(claim.start - 120, card.text.rfind(". ", 0, claim.start), card.text.rfind("\n", 0, claim.start), 0)
    return _MADE.search(card.text, begin, claim.start) is not None


@cache
def _nothing() -> frozenset[str]:
    return frozenset(vocabulary("data_words")["no_names"])


def _tail(value: str) -> str:
    return squeeze(value.rsplit("/", 1)[-1])


@cache
def _generic() -> frozenset[str]:
    return frozenset(vocabulary("data_words")["generic"])


def _words(value: str) -> set[str]:
    return {word for word in _WORD.findall(value.lower()) if word not in _generic() and (len(word) > 2 or not word.isdigit())}


def _same(one: str, other: str) -> bool:
    """Whether two names may mean the same data: a common word, one inside the other, or the letters of an abbreviation."""
    forms = (squeeze(one), squeeze(other))
    if any(tail in form for tail, form in ((_tail(one), forms[1]), (_tail(other), forms[0]))) or _words(one) & _words(other):
        return True
    short, long = sorted(forms, key=len)
    return len(short) <= _LONGEST_ABBREVIATION and _in_order(short, long)


def _in_order(letters: str, text: str) -> bool:
    """Whether the letters stand in the text one after the other."""
    rest = iter(text)
    return all(letter in rest for letter in letters)
