"""The licence of a card against those of widely known releases that it was made from: no hub is asked."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.checks.values import texts
from cardlint.hub import compatibility, licenses
from cardlint.hub.names import plain
from cardlint.model import Problem, Related
from cardlint.patterns import Cue, Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.model import Place

_TOLD = {"finetuned": "finetune", "merge": "merge", "quantized": "quantized", "adapter": "adapter"}
_ADAPTERS = frozenset({"peft", "lora", "adapter", "diffusers-lora"})
_BLANK = Pattern(r"[\s_]+")
_NAMED = Cue(
    r"(?i)llama[\W_]*[234]|code[\W_]*llama|gemma[\W_]*[0-9bmlsx]|stable[\W_]+diffusion[\W_]+(?:v|1|2|3|xl|inpainting)|bigscience/bloom"
    r"|bigcode/(?:starcoder|santacoder)|nllb[\W_]+200|facebook/(?:mms|musicgen)|cohere(?:labs|forai)/(?:c4ai|aya)|flux\.[12][\W_]"
    r"|qwen[\W_]*[12][\W_][58]|(?:codes|minis|mis|pix)tral[\W_]|deepseek[\W_]|hunyuan(?:video|3d)|exaone[\W_]|seamless[\W_]m4t"
    r"|voxpopuli|nvidia/(?:mit|segformer)|xtts[\W_]v2|jina[\W_]embeddings[\W_]v3|skt/ko|bert[\W_]base[\W_]japanese|lmsys/vicuna"
)
"""What every name of a known release holds (`known_bases.json`): reading which base a text names takes fifty times as long."""


class Release(NamedTuple):
    """A release that is known by its name, of which ``word`` is a part; ``owners`` may license what they make from it as they like."""

    name: str
    license: str
    owners: frozenset[str]
    word: str
    pattern: Pattern


class _Base(NamedTuple):
    """A base that the card names: as written, where, and how the model comes from it."""

    written: str
    place: Place
    relation: str | None


@cache
def _releases() -> tuple[Release, ...]:
    found = data.vocabulary("known_bases")["releases"]
    return tuple(
        Release(each["name"], each["license"], frozenset(each["owners"]), each["word"], Pattern(each["pattern"])) for each in found
    )


def release(name: str) -> Release | None:
    """The known release that an id, or a name in a text, means."""
    low = _BLANK.sub("-", plain(name).strip().lower())
    return next((each for each in _releases() if each.word in low and each.pattern.match(low)), None)


def known_base(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """A licence that drops terms of a known release; the first base whose terms are dropped."""
    declared = list(texts(card, "license"))
    if not declared:
        return
    owner = str(facts["id"] or "").rpartition("/")[0].lower()
    for base in _bases(card):
        known = release(base.written)
        if known is None or owner in known.owners:
            continue
        found = compatibility.verdict([known.license], [value for _, value in declared], base.relation)
        if found.state == "conflict" and found.lost:
            at, value = declared[0]
            message = f"{found.reason}: made from '{base.written}' ({known.name})"
            related = (Related(base.place, "the base"),)
            about = licenses.terms_of([known.license])
            yield Problem(at, message, help=f"{_declaration(known.license)}See {found.source}.", value=value, related=related, about=about)
            return


def missing(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """LIC001: no licence is declared, and none is told of; where the model comes from a known release, its terms are named."""
    license_ = facts["sections"]["license"]
    if any(facts["declared"]["licenses"]) or license_["status"] != "absent" or license_["documented"] != "none":
        return
    owner = str(facts["id"] or "").rpartition("/")[0].lower()
    found = [(base, known) for base in _bases(card) if (known := release(base.written)) and owner not in known.owners]
    help_text = None if found else "Add yours to the front matter, say `license: apache-2.0`."
    related: tuple[Related, ...] = ()
    if found and len({known.license for _, known in found}) == 1:
        base, known = found[0]
        terms = f"'{base.written}' ({known.name}) is under '{known.license}', whose terms go on to what is made from it"
        listed = licenses.is_listed(known.license)
        declared = f"`license: {known.license}`" if listed else f"`license: other` with `license_name: {known.license}`"
        help_text = f"{terms}: add {declared}."
        related = (Related(base.place, "the base"),)
    yield Problem("/metadata/license", "no license is given", help=help_text, related=related, about="license")


def _declaration(license_: str) -> str:
    """How an agreement is declared that the hub has no id for; the id of any other says it by itself."""
    return "" if licenses.is_listed(license_) else f"Declare `license: other` with `license_name: {license_}`. "


def _bases(card: Card) -> Iterator[_Base]:
    """The bases of the front matter; where it has none, the one base that the text names. A text with several may list siblings."""
    named = list(texts(card, "base_model"))
    relation = _relation(card)
    for at, value in named:
        yield _Base(value, at, relation)
    claims = [claim for claim in card.claims.base_models if claim.detail in _TOLD] if not named and _may_name_release(card) else []
    if claims and len({claim.value.lower() for claim in claims}) == 1:
        yield _Base(claims[0].value, claims[0], relation or _TOLD[claims[0].detail])


def _may_name_release(card: Card) -> bool:
    """Whether the text, its links and code included, may name a known release."""
    titles = "\n".join([heading.text for heading in card.outline.headings])
    return _NAMED.occurs(f"{card.text[card.front_matter.end :]}\n{titles}\n{card.prose}")


def _relation(card: Card) -> str | None:
    said = card.front_matter.metadata.get("base_model_relation")
    if isinstance(said, str) and said.strip().lower() in compatibility.RELATIONS:
        return said.strip().lower()
    words = {value.lower() for key in ("library_name", "tags") for _, value in texts(card, key)}
    return None if _ADAPTERS.isdisjoint(words) else "adapter"
