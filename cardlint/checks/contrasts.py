"""What two names of models cannot both be true of: sizes, parameters, casing, voices, languages, directions, versions, environments."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from cardlint.checks.doc_names import squeeze
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EVERY = ("size", "parameters", "case", "voice", "language", "direction", "version", "environment")
_LONGEST = 120
_ROUNDED = 1.12
"""The factor up to which two numbers of parameters are one that was rounded: 6.7B and 7B, not 7B and 8B."""
_SIZE = Pattern(
    r"(?<![a-z0-9])(x-)?(nano|tiny|mini|xsmall|small|medium|base|large(?![-_ ]?(?:scale|language|pre-?trained|vision|multi))"
    r"|xlarge|xxlarge|huge|giant|xl|xxl)(?![a-z0-9])"
    r"(?![-_ ]?(?:set|dataset|data|corpus|corpora|vocab|batch|sample|subset|stories|imagenet))"
)
_STEM = Pattern(r"([a-z0-9.]+)[^a-z0-9]*$")
_PARAMETERS = Pattern(
    r"(?<![a-z0-9.,])(?<![0-9]_)(\d{1,4}(?:\.\d{1,2})?)[ -]?([bm])(?:illion)?(?![a-z0-9])(?! (?:tokens?|words|images|pairs|samples))"
)
_DIRECTION = Pattern(r"(?<![a-z0-9])(?=([a-z]{2})(?:[-_ ](?:to|2)[-_ ]|[-_>]|2)([a-z]{2})(?![a-z0-9]))")
"""Two languages that a model translates between, by their codes; a pair counts against its reverse alone."""
_VERSION = Pattern(r"([a-z0-9]*[a-z]{2})[-_. ]{0,2}v(\d{1,2}(?:[._-]\d{1,2}(?![a-z0-9]))*)(?![a-z0-9])")
_NUMBERED = Pattern(r"v\d")
_ZERO = Pattern(r"^0(\d)")
_LANGUAGES = (
    *("arabic", "armenian", "assamese", "basque", "bengali", "bulgarian", "catalan", "chinese", "croatian", "czech", "danish", "dutch"),
    *("english", "estonian", "finnish", "french", "galician", "georgian", "german", "greek", "hebrew", "hindi", "hungarian"),
    *("icelandic", "indonesian", "irish", "italian", "japanese", "kannada", "khmer", "korean", "latvian", "lithuanian", "malay"),
    *("malayalam", "maltese", "marathi", "mongolian", "nepali", "norwegian", "odia", "persian", "polish", "portuguese", "punjabi"),
    *("romanian", "russian", "serbian", "sinhala", "slovak", "slovenian", "somali", "spanish", "swahili", "swedish", "tamil", "tatar"),
    *("telugu", "thai", "tibetan", "turkish", "ukrainian", "urdu", "uzbek", "vietnamese", "welsh", "xhosa", "yoruba", "zulu"),
)
_KIND_OF = dict.fromkeys(_LANGUAGES, "language") | {"uncased": "case", "cased": "case", "female": "voice", "male": "voice"}
_WORD = Pattern(r"[a-z]{4,}")
_ENVIRONMENT = Pattern(
    r"frozen-?lake|taxi|lunar-?lander|cart-?pole|mountain-?car|pixelcopter|pong|space-?invaders|antbullet|pandareach|bipedalwalker|acrobot"
    r"|pendulum|carracing|walker2d|half-?cheetah|huggy|pyramids|snowball-?target|soccer-?twos|flappy-?bird|breakout"
)


def contrast(one: str, other: str, kinds: Iterable[str] = EVERY) -> tuple[str, str] | None:
    """The first words, as each has them in lower case, that say of two names that they are of different models; None where none do.

    A size counts where the word that stands before it is in the other name too ("whisper-small", "Whisper base"), a version
    where the same word stands before both.
    """
    mine, theirs = one[:_LONGEST].lower(), other[:_LONGEST].lower()
    for kind in kinds:
        if not (ours := traits(kind, mine)) or not (its := traits(kind, theirs)):
            continue
        if kind == "version" and traits("environment", theirs):  # learners number their agents
            continue
        if _unlike(kind, ours, its, squeeze(one), squeeze(other)):
            return next(iter(ours)), next(iter(its))
    return None


def _unlike(kind: str, ours: dict[str, str], its: dict[str, str], one: str, other: str) -> bool:
    if not ours.keys().isdisjoint(its):
        return False
    if kind == "direction":
        return not set(ours.values()).isdisjoint(its)
    if kind == "size":
        return any(stem and stem in other for stem in ours.values()) and any(stem and stem in one for stem in its.values())
    if kind == "parameters":
        return len(ours) == len(its) == 1 and not _rounded(float(next(iter(ours.values()))), float(next(iter(its.values()))))
    if kind == "language":
        return len(ours) == len(its) == 1
    if kind == "version":
        return all(_other_version(word, other) for word in ours.values() for other in its.values())
    return True


def _rounded(one: float, other: float) -> bool:
    return max(one, other) <= _ROUNDED * min(one, other)


def _other_version(one: str, other: str) -> bool:
    """Whether the same word has two versions, of which none is the other in short: "v1" may be "v1.5"."""
    (stem, _, number), (root, _, digits) = one.partition(" "), other.partition(" ")
    return stem == root and not f"{number}.".startswith(f"{digits}.") and not f"{digits}.".startswith(f"{number}.")


# Names of bases and titles that tools write come again.
@lru_cache(8192)
def traits(kind: str, name: str) -> dict[str, str]:
    """What a name in lower case says of a kind, as it writes it, and what that is compared by."""
    return _READERS[kind](name)


def _sizes(name: str) -> dict[str, str]:
    found = {}
    for match in _SIZE.finditer(name):
        before = _STEM.search(name, 0, match.start())
        found[f"{'x' if match[1] else ''}{match[2]}"] = squeeze(before[1]) if before and len(before[1]) > 1 else ""
    return found


def _parameters(name: str) -> dict[str, str]:
    found = {}
    for match in _PARAMETERS.finditer(name):
        millions = float(match[1]) * (1000 if match[2] == "b" else 1)
        if millions:
            found[match[0].strip()] = str(millions)
    return found


def _directions(name: str) -> dict[str, str]:
    """Each pair as "en-fr", and its reverse."""
    return {f"{match[1]}-{match[2]}": f"{match[2]}-{match[1]}" for match in _DIRECTION.finditer(name) if match[1] != match[2]}


def _versions(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if not _NUMBERED.search(name):
        return found
    for match in _VERSION.finditer(name):
        number = _ZERO.sub(r"0.\1", match[2].replace("_", ".").replace("-", ".")).removesuffix(".0")
        found[f"v{number}"] = f"{match[1]} {number}"
    return found


@lru_cache(8192)
def _words(name: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for word in _WORD.findall(name):
        if word in _KIND_OF:
            found.setdefault(_KIND_OF[word], {})[word] = ""
    return found


def _of_kind(kind: str, name: str) -> dict[str, str]:
    return _words(name).get(kind, {})


def _environments(name: str) -> dict[str, str]:
    return {match[0].replace("-", ""): "" for match in _ENVIRONMENT.finditer(name)}


_READERS: dict[str, Callable[[str], dict[str, str]]] = {
    "size": _sizes,
    "parameters": _parameters,
    "case": partial(_of_kind, "case"),
    "voice": partial(_of_kind, "voice"),
    "language": partial(_of_kind, "language"),
    "direction": _directions,
    "version": _versions,
    "environment": _environments,
}
