"""The language that a card speaks of against the one that its front matter declares."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cardlint.checks.doc_names import squeeze
from cardlint.checks.values import texts
from cardlint.model import Problem, Related
from cardlint.patterns import Cue, Pattern
from cardlint.vocab import languages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.model import Placed

_AT = "/metadata/language"
_SPEECH = Cue("ommon [vV]oice|OpenSLR|FLEURS")
"""Collections of speech in many languages, as cards of one language name them."""
_OF_DATA = Pattern(
    r"\b([A-Z]?[a-z]{3,})(?: test| training| train| validation| dev)? (?:data|part|portion|subset|split) (?:of|in|from|on) (?:the )?"
    r"(?:[Cc]ommon [Vv]oice|OpenSLR|FLEURS)|\b[Cc]ommon [Vv]oice (?:\d[\d.]{0,4} )?([A-Z][a-z]{3,})\b"
)
_LOADED = Pattern(
    r"\bload_dataset\(\s*[\"'](?:mozilla-foundation/|google/)?(?:common_voice\w{0,12}|fleurs)[\"'],\s*(?:name\s*=\s*)?"
    r"[\"']([a-z]{2})(?:[-_][A-Za-z]{2,8})?[\"']"
)
_PAIR = Pattern(r"#[^\n]{0,80}?\b([A-Z][a-z]{3,})(?: to |-|->| -> )([A-Z][a-z]{3,})\b")
"""A remark that names two languages, as code that translates has them."""
_ASKED = Pattern(r"anguages?(?:\(s\))?(?: \([Nn][Ll][Pp]\))?\W{0,5}:")
_ANSWER = Pattern(r"(?im)^\W{0,6}languages?(?:\(s\))?(?: \(nlp\))?\W{0,5}:\W{0,5}([^\n]{4,80})$")
_NAME = Pattern(r"[A-Z][a-z]{3,}")
_WORD = Pattern(r"[a-z]{4,}")
_MANY = Pattern(r"(?i)multi|\b(?:all|any|other|more|various|several|mixed|program)")
_NO_NAMES = frozenset({"polish", "latin"})
"""Names of languages that mean something else where capitals do not tell."""
_HEADINGS = 3
_MANY_CODES = frozenset({"mul", "code", "und", "zxx", "mis"})


def other_language(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """Data, a title, a name or an answer of the template that tells another language than ``language``; one problem a card."""
    values = [value for _, value in texts(card, "language")]
    declared = {code for value in values if (code := _code(value))}
    if not declared or len(declared) != len({value.lower() for value in values}):
        return
    found = [*_answers(card, declared), *_remarks(card, declared, facts)]
    if len(declared) == 1:
        (own,) = declared
        found += [*_data(card, own), *_loaded(card, own), *(() if found else _named(card, own, facts))]
    if found:
        place, message, value = found[0]
        related = tuple(Related(other, told) for other, told, _ in found[1:5])
        yield Problem(place, message, value=value, related=(*related, Related(_AT, "the declared language")))


_SERVED = Pattern(
    r"(?i)\b(?:it|model|which|support:?\**) (?:currently |now |natively |also )?(?:support(?:s|ed)?|understands?|speaks|covers|handles|for)"
    r" (?:currently )?(?:over |more than |up to |about |at least )?(\d{1,3})\+? (?:different |other |major |natural )?languages\b"
)
_ITSELF = Pattern(r"(?i)([\w.\-/]{4,80})[*`_]{0,3} is an? (?:[\w\-]{1,20} ){0,2}multi-?lingual\b")
_FEWEST = 3


def one_of_many(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """A card that declares one language while its text says that the model serves many; one problem a card."""
    values = [value for _, value in texts(card, "language")]
    own = _code(values[0]) if len(values) == 1 else None
    if own is None:
        return
    name = squeeze(str(facts["id"] or "").rpartition("/")[2])
    for block in card.outline.blocks:
        if block.kind == "code":
            continue
        match = _SERVED.search(block.text)
        many = bool(match and int(match[1]) >= _FEWEST)
        if not many and name:
            match = next((each for each in _ITSELF.finditer(block.text) if squeeze(each[1].rpartition("/")[2]) == name), None)
        if match and (many or name):
            said = f"{match[1]} languages" if many else "many languages"
            message = f"the text tells of {said}, declared is {own!r} alone"
            yield Problem(_AT, message, value=own, related=(Related(card.outline.place(block, *match.span()), "told here"),))
            return


_Found = tuple["Placed | str", str, str]


def _data(card: Card, own: str) -> Iterator[_Found]:
    """Prose that names the part of a collection of speech in another language, and its own language not beside it."""
    if not _SPEECH.occurs(card.utf8):
        return
    for block in card.outline.blocks:
        if block.kind == "code":
            continue
        for match in _OF_DATA.finditer(block.text):
            word = match.group(1) or match.group(2)
            code = _names().get(word.lower())
            if code and _another(code, own) and not _spoken(own, block.text):
                place = card.outline.place(block, *match.span(1 if match.group(1) else 2))
                yield place, f"{word} data, but the declared language is {own!r}", word


def _loaded(card: Card, own: str) -> Iterator[_Found]:
    """Code that loads a collection's part in another language, of which the text does not speak."""
    if "load_dataset(" not in card.text:
        return
    for block in card.outline.blocks:
        if block.kind != "code" or "load_dataset(" not in block.text:
            continue
        for match in _LOADED.finditer(block.text):
            code = languages.standard(match.group(1))
            if languages.known(code) and _another(code, own) and not _spoken(code, card.text[card.front_matter.end :]):
                name = languages.name(code)
                place = card.outline.place(block, *match.span(1))
                yield place, f"loads data in {name} ({code!r}), but the declared language is {own!r}", code


def _answers(card: Card, declared: set[str]) -> Iterator[_Found]:
    """The template's question on the language, answered with none of those that are declared."""
    if _ASKED.search(card.text, card.front_matter.end) is None:
        return
    for block in card.outline.blocks:
        if block.kind not in ("item", "paragraph") or "anguage" not in block.text:
            continue
        for match in _ANSWER.finditer(block.text):
            answer = match.group(1)
            names = [name for name in _NAME.findall(answer) if name.lower() in _names()]
            codes = {_names()[name.lower()] for name in names}
            if (
                names
                and all(_another(code, own) for code in codes for own in declared)
                and not _MANY.search(answer)
                and not any(_tells(own, answer) for own in declared)
            ):
                at = match.start(1) + answer.index(names[0])
                place = card.outline.place(block, at, at + len(names[0]))
                yield place, f"the language is said to be {names[0]}, declared is {', '.join(sorted(declared))!r}", names[0]


def _remarks(card: Card, declared: set[str], facts: dict[str, object]) -> Iterator[_Found]:
    """A remark in code on a pair of languages of which one is neither declared nor spoken of; the first."""
    if "#" not in card.code:
        return
    for block in card.outline.blocks:
        if block.kind != "code" or "#" not in block.text:
            continue
        for match in _PAIR.finditer(block.text):
            pair = [(_names()[word.lower()], index) for index, word in enumerate(match.groups(), 1) if word.lower() in _names()]
            if len(pair) < 2 or {code for code, _ in pair}.isdisjoint(declared | {"en"}):
                continue
            spoken = f"{card.prose} {facts['id'] or ''}"
            odd = next((index for code, index in pair if code not in declared and code != "en" and not _spoken(code, spoken)), None)
            if odd is not None and all(_another(pair[odd - 1][0], own) for own in declared):
                place = card.outline.place(block, *match.span(odd))
                yield place, f"a remark in code speaks of {match[odd]}, declared is {', '.join(sorted(declared))!r}", match[odd]
                return


def _named(card: Card, own: str, facts: dict[str, object]) -> Iterator[_Found]:
    """A title or a repository's name with one language in it, and the declared one spoken of nowhere."""
    if own == "en":
        return
    headings = [each for each in card.outline.headings[:_HEADINGS] if each.level == 1][:1]
    places: list[tuple[Placed | str, set[str]]] = [
        (each, {name.lower() for name in _NAME.findall(each.text) if name.lower() in _names()}) for each in headings
    ]
    name = str(facts["id"] or "").rpartition("/")[2].lower()
    places.append((_AT, {word for word in _WORD.findall(name) if word in _names() and word not in _NO_NAMES}))
    for place, words in places:
        codes = {_names()[word] for word in words}
        if (
            len(codes) == 1
            and "en" not in codes
            and _another(next(iter(codes)), own)
            and not _spoken(own, card.text[card.front_matter.end :] + name)
        ):
            word = words.pop().capitalize()
            what = "the name of the repository says" if place is _AT else "the title says"
            yield place, f"{what} {word}, the declared language is {own!r} ({languages.name(own)})", word
            return


def _another(code: str, own: str) -> bool:
    """Whether a language is another one than the card's, and not what the card's is a kind of."""
    return code != own and (languages.name(code) or code).lower() not in (languages.name(own) or "").lower()


def _spoken(code: str, text: str) -> bool:
    """Whether a text has one of a language's names."""
    low = text.lower()
    return any(name in low for name in _called(code))


def _tells(code: str, answer: str) -> bool:
    """Whether an answer has a language's code or one of its names."""
    return _spoken(code, answer) or any(word.lower() == code for word in answer.replace("(", " ").replace(")", " ").split())


@cache
def _called(code: str) -> tuple[str, ...]:
    """The names of a language, in lower case, those of its standards among them."""
    return tuple(name for name, other in _names().items() if other == code) or (
        (languages.name(code) or code).partition("(")[0].strip().lower(),
    )


@cache
def _names() -> dict[str, str]:
    """Languages of two letters by their names of one word in lower case; those with a standard of another's by that one."""
    found: dict[str, str] = {}
    for code in sorted(languages.ids()):
        if len(code) == 2:
            for name in (languages.name(code) or "").replace("(", ";").replace(",", ";").split(";"):
                if name.strip().isalpha() and len(name.strip()) > 3:
                    found.setdefault(name.strip().lower(), languages.standard(code))
    return found


def _code(value: str) -> str | None:
    """The code of one declared language in its short form; None for a name and for what stands for many."""
    tag = languages.split(value.strip())
    code = tag.language if tag else ""
    return languages.standard(code) if languages.known(code) and code not in _MANY_CODES else None
