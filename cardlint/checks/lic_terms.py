"""What some licences ask of every card that passes the work on: notices, terms to link, names, no derivatives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.checks.values import texts
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern
from cardlint.vocab import licenses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_BUILT_WITH = Pattern(r"(?i)built\s+with\s+(?:meta[\s-]+)?llama")
_GEMMA_TERMS = Pattern(r"(?i)ai\.google\.dev/gemma/(?:terms|prohibited)|gemma\s+(?:terms\s+of\s+use|prohibited\s+use)")
_RESTRICTED = (
    "rail",
    "restrict",
    "prohibit",
    "misuse",
    "out-of-scope",
    "out of scope",
    "licens",
    "licenc",
    "not be used",
    "not use",
    "not to use",
)
_LLAMA = Pattern(r"(?i)llama[-_ ]?v?([234])(?:[.-]([1-4])(?![0-9]*b))?(?![0-9])")


def has_terms(text: str) -> bool:
    """Whether a licence asks for sentences or for a name."""
    terms = licenses.terms(text)
    return terms is not None and bool(terms.sentences or terms.name_prefix)


def is_gemma(text: str) -> bool:
    """Whether a licence is Gemma's."""
    return text == "gemma"


def is_rail(text: str) -> bool:
    """Whether a licence is one of RAIL."""
    found = licenses.get(text)
    return found is not None and found.group == "rail"


def forbids_derivatives(text: str) -> bool:
    """Whether a licence forbids derivatives."""
    return "no_derivatives" in licenses.flags(text)


def llama_notice(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """A card under a Llama agreement of version 3 or later without its sentence."""
    for at, value in texts(card, "license"):
        terms = licenses.terms(value)
        if terms is None or not terms.sentences or (facts["id"] or "").lower().startswith("meta-llama/"):
            continue
        if not _BUILT_WITH.search(card.text, card.front_matter.end):
            sentence = terms.sentences[0]
            yield Problem(at, f"license '{value}' asks for the words '{sentence}', which the card lacks", value=value)


def agreement_words(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """A model made under an agreement that the hub has no id for, without one of the words that it wants shown."""
    from cardlint.hub.licenses import named, words_of  # few cards give a licence's name

    declared = [value for _, value in texts(card, "license")]
    for at, value in texts(card, "license_name"):
        (name, *_) = named(declared, value) or [""]
        words, owners = words_of(name)
        if not words or str(facts["id"] or "").partition("/")[0].lower() in owners or not list(texts(card, "base_model")):
            continue
        said = " ".join(card.text[card.front_matter.end :].lower().split())
        if not any(each.lower() in said for each in words):
            either = " or ".join(f"'{each}'" for each in words)
            yield Problem(at, f"'{name}' asks for the words {either}, which the card lacks", value=value)


def gemma_terms(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """A card under the Gemma terms that neither names nor links them."""
    for at, value in texts(card, "license"):
        if value == "gemma" and not (facts["id"] or "").lower().startswith("google/") and not _GEMMA_TERMS.search(card.text):
            yield Problem(at, "license 'gemma' asks to pass on its terms of use, which the card does not name", value=value)


def rail_restrictions(card: Card) -> Iterator[Problem]:
    """A card under a RAIL licence whose body says nothing of restrictions or of the licence."""
    for at, value in texts(card, "license"):
        found = licenses.get(value)
        if found is None or found.group != "rail":
            continue
        low = card.text[card.front_matter.end :].lower()
        if not any(word in low for word in _RESTRICTED):
            terms = licenses.terms(value)
            advice = f"say that what Attachment A of {found.name} forbids is forbidden here, and with all that is made of it."
            told = terms is not None and "family" not in found.name and any("Attachment A" in file for file in terms.files)
            message = f"license '{value}' restricts use, and the card says nothing of it"
            yield Problem(at, message, help=advice if told else None, value=value)
            return


def llama_name(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """A model under a Llama agreement of version 3 or later whose name does not begin with Llama."""
    owner, _, name = str(facts["id"] or "").rpartition("/")
    if owner.lower() == "meta-llama" or name.lower().startswith(("llama", "meta-llama")):
        return
    for at, value in texts(card, "license"):
        terms = licenses.terms(value)
        if terms is not None and terms.name_prefix:
            yield Problem(at, f"license '{value}' asks that the name begin with '{terms.name_prefix}': '{name}'", value=name)
            return


def llama_version(card: Card) -> Iterator[Problem]:
    """A Llama licence, declared or named in the body, that is not the one of the base model."""
    declared = [(at, value) for at, value in texts(card, "license") if value.startswith("llama")]
    claimed = [] if declared else [(claim, version) for claim in card.claims.licenses if (version := _version(claim.value))]
    if not declared and not claimed:
        return
    bases = [(f"/metadata/base_model/{index}", value) for index, value in enumerate(_base_models(card))]
    versions = {version for _, value in bases if (version := _version(value))}
    versions |= {version for claim in card.claims.base_models if (version := _version(claim.value))} if not versions else set()
    if len(versions) != 1:
        return
    from cardlint.hub.licenses import terms_of  # few cards come here

    wanted = next(iter(versions))
    for at, value in declared:
        if value.removeprefix("llama") != wanted:
            about = terms_of([f"llama{wanted}"])
            yield Problem(at, f"license is '{value}' but the base model is Llama {wanted}", value=value, about=about)
    for claim, version in claimed:
        if _number(version) < _number(wanted):  # the licensor's own next model stands under the next agreement
            yield Problem(claim, f"license is '{claim.value}' but the base model is Llama {wanted}", value=claim.value)
            return


def _base_models(card: Card) -> list[str]:
    return [value for _, value in texts(card, "base_model")]


def _version(name: str) -> str | None:
    """``3.1`` of Meta-Llama-3.1-8B; None where no version of Llama is named."""
    match = _LLAMA.search(name)
    if match is None:
        return None
    return f"{match.group(1)}.{match.group(2)}" if match.group(2) else match.group(1)


def _number(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def no_derivatives(card: Card) -> Iterator[Problem]:
    """A derived model under a licence that forbids derivatives."""
    bases = list(texts(card, "base_model"))
    for at, value in texts(card, "license"):
        if bases and "no_derivatives" in licenses.flags(value):
            related = (Related(bases[0][0], f"base model is '{bases[0][1]}'"),)
            yield Problem(
                at, f"license '{value}' forbids derivatives, and this model derives from '{bases[0][1]}'", value=value, related=related
            )
            return
