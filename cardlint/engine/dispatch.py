"""Which checks a card is due: those that wait for a key, a value, a word, a sign or the like are called only where it is there."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from itertools import repeat
from typing import TYPE_CHECKING, Any

from cardlint.card.sections.types import SECTION_NAMES
from cardlint.checks.signs import signs
from cardlint.patterns import Words
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cardlint.card.card import Card
    from cardlint.engine.rule import Rule
    from cardlint.engine.textual import TextSet
    from cardlint.model import Kind, NotChecked, Problem

_PARAMETERS = frozenset({"card", "repo", "hub", "facts", "options", "old"})
_OF_HUB = frozenset({"hub", "options"})
_ASKED = ("kind", "key", "value", "text", "alone")
_REMEMBERED = 16_384
_LONGEST = 200
"""Characters of a value up to which the answers on it are remembered."""
_MANY = 500
"""Items of a list up to which the answers on each are remembered; real lists of more are rare, and repeat little."""
_ANY = "*"
_ALONE, _IN_LIST = True, False
"""Whether a value is a key's own or an item of its list."""
_WAITS = frozenset({"keys", "problems", "words", "signs", "sections"})


class PythonCheck:
    """A rule's function, imported when it is first called, and the parameters it asks for."""

    __slots__ = ("_function", "of_card", "options", "rule", "wants")

    def __init__(self, rule: Rule, options: dict[str, Any] | None = None) -> None:
        """Take the parameters from the catalogue; a rule that does not ship is imported at once.

        Raises ImportError or AttributeError where the rule names no function, TypeError for odd parameters.
        """
        self.rule = rule
        self.options = rule.options if options is None else options
        self._function: Callable[..., Iterable[Problem | NotChecked]] | None = None
        if "wants" in rule.check:
            self.wants: tuple[str, ...] = tuple(rule.check["wants"])
        else:
            self.wants = parameters(self.function)
            if "when" in rule.check:
                Predicate(rule.check["when"])
        self.of_card = self.wants == ("card",)
        odd = set(self.wants) - _PARAMETERS
        if odd:
            known = ", ".join(sorted(_PARAMETERS))
            msg = f"{rule.code}: {rule.check['python']} asks for {', '.join(sorted(odd))}; a check may ask for {known}"
            raise TypeError(msg)
        if rule.scope == "hub" and not _OF_HUB.issuperset(self.wants):
            msg = f"{rule.code}: a rule of hub scope asks for {' and '.join(sorted(_OF_HUB))} alone"
            raise TypeError(msg)

    @property
    def function(self) -> Callable[..., Iterable[Problem | NotChecked]]:
        """The function itself."""
        if self._function is None:
            self._function = named(self.rule.check["python"])
        return self._function

    def problems(self, given: dict[str, Any]) -> Iterable[Problem | NotChecked]:
        """What the function finds; ``given`` holds all that a check may ask for but its options."""
        function = self._function or self.function
        if self.of_card:
            return function(given["card"])
        return function(*[self.options if name == "options" else given[name] for name in self.wants])


class Predicate:
    """A rule's ``when``: whether a key, or a value of it, is one that the rule may have something to say on.

    It asks by parameter name for ``kind`` (of the card), ``key``, ``value`` (a list or a mapping is given as its type) or
    ``text`` (then it is not asked of what is no text), and ``alone``, which tells a key's own value from an item of its
    list. It is pure, so that answers can be remembered.
    Raises ImportError, AttributeError or TypeError where there is no such function.
    """

    __slots__ = ("_function", "_of_text", "_wants", "of_key")

    def __init__(self, name: str) -> None:
        self._function = named(name)
        wants = parameters(self._function)
        odd = set(wants) - set(_ASKED)
        if odd:
            raise TypeError(f"{name} asks for {', '.join(sorted(odd))}; a predicate may ask for {', '.join(_ASKED)}")
        self._wants = [_ASKED.index(each) for each in wants]
        self._of_text = "text" in wants
        self.of_key = not {"value", "text", "alone"} & set(wants)

    def holds(self, kind: Kind, key: str, value: Any = None, *, alone: bool = True) -> bool:
        """Its answer."""
        if self._of_text and not isinstance(value, str):
            return False
        given = (kind, key, value, value, alone)
        return bool(self._function(*[given[index] for index in self._wants]))

    def holds_for_any(self, kind: Kind, key: str, items: Sequence[Any], texts: Sequence[str]) -> bool:
        """Whether it holds for an item of a list; ``texts`` are those of its ``items`` that are text."""
        asked = texts if self._of_text else items
        number = len(asked)
        alone = repeat(False, number)  # noqa: FBT003  # an item of a list is not
        given = (repeat(kind, number), repeat(key, number), asked, asked, alone)
        return any(map(self._function, *[given[index] for index in self._wants]))


def named(name: str) -> Any:
    """The function ``module:function``."""
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)


def parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's parameters; of the one below where it is decorated."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function.__code__.co_varnames[: function.__code__.co_argcount]


class _Key(NamedTuple):
    """The checks that are due where a key is there, and those that are due for some of its values."""

    due: tuple[PythonCheck, ...]
    asked: tuple[tuple[Predicate, PythonCheck], ...]


class Dispatch:
    """The checks of a plan, for one kind of card, by what they wait for.

    That is ``keys`` (and ``when``), ``problems``, ``words``, ``signs``, ``sections``, one of which is enough, or nothing.
    """

    def __init__(self, kind: Kind, checks: Sequence[PythonCheck], texts: Sequence[TextSet] = ()) -> None:
        self._kind = kind
        self.checks: tuple[PythonCheck | TextSet, ...] = (*checks, *texts)
        """All of them, in the order in which they are asked."""
        self.always: list[PythonCheck | TextSet] = []
        """Those that wait for nothing."""
        self._keys: dict[str, list[PythonCheck]] = {}
        self._problems: dict[str, list[PythonCheck]] = {}
        self._signs: dict[str, list[PythonCheck]] = {}
        self._sections: dict[str, dict[str, list[PythonCheck]]] = {}
        words: dict[str, list[PythonCheck | TextSet]] = {}
        for check in checks:
            waits = check.rule.check
            for key in waits.get("keys", ()):
                self._keys.setdefault(key, []).append(check)
            for problem in waits.get("problems", ()):
                self._problems.setdefault(problem, []).append(check)
            for sign in waits.get("signs", ()):
                self._signs.setdefault(sign, []).append(check)
            for name, status in waits.get("sections", {}).items():
                for each in SECTION_NAMES[kind] if name == _ANY else {name}.intersection(SECTION_NAMES[kind]):
                    self._sections.setdefault(each, {}).setdefault(status, []).append(check)
            for word in waits.get("words", ()):
                words.setdefault(word.lower(), []).append(check)
            if _WAITS.isdisjoint(waits):
                self.always.append(check)
        for text in texts:
            for word in text.words:
                words.setdefault(word.lower(), []).append(text)
            if not text.words:
                self.always.append(text)
        self._waiting = list(words.values())
        self._words = Words(words)
        self._predicates: dict[str, Predicate] = {}
        self._key = lru_cache(maxsize=_REMEMBERED)(self._ask_key)
        self._text = lru_cache(maxsize=_REMEMBERED)(self._ask_value)
        self._value = lru_cache(maxsize=_REMEMBERED, typed=True)(self._ask_value)
        self.looks: list[Callable[[Card], list[PythonCheck | TextSet]]] = [self._by_metadata]
        """What tells which of the others are due on a card: all cards of a group go through one, then through the next."""
        if self._signs:
            self.looks.append(self._by_signs)
        if self._sections:
            self.looks.append(self._by_sections)
        if words:
            self.looks.append(self._by_words)

    def due(self, card: Card) -> Iterable[PythonCheck | TextSet]:
        """The checks to call on a card, each once."""
        found = self.always.copy()
        for look in self.looks:
            found += look(card)
        return dict.fromkeys(found)

    def _by_metadata(self, card: Card) -> list[PythonCheck | TextSet]:
        """The checks that wait for something in the front matter, or for a problem of reading it."""
        found: list[PythonCheck | TextSet] = []
        block = card.front_matter
        for key, value in block.metadata.items():
            due, asked = self._key(key)
            found += due
            if asked:
                if type(value) is list:
                    found += self._value(key, list, _ALONE)
                    if len(value) > _MANY:
                        found += self._for_many(key, value)
                    else:
                        for item in value:
                            found += self._for_value(key, item, _IN_LIST)
                else:
                    found += self._for_value(key, value, _ALONE)
        if block.status != "ok" or block.problems or card.decoded.bom or card.decoded.encoding != "utf-8":
            for trouble in _troubles(card):
                found += self._problems.get(trouble, ())
        return found

    def _by_signs(self, card: Card) -> list[PythonCheck | TextSet]:
        """The checks that wait for a sign in the body."""
        found: list[PythonCheck | TextSet] = []
        for sign in signs(card):
            found += self._signs.get(sign, ())
        return found

    def _by_sections(self, card: Card) -> list[PythonCheck | TextSet]:
        """The checks that wait for what became of a section."""
        found: list[PythonCheck | TextSet] = []
        sections = card.sections
        for name, waiting in self._sections.items():
            found += waiting.get(sections[name].status, ())
        return found

    def _by_words(self, card: Card) -> list[PythonCheck | TextSet]:
        """The checks that wait for a word in the text."""
        found: list[PythonCheck | TextSet] = []
        for index in self._words.occurring(card.text, card.utf8):
            found += self._waiting[index]
        return found

    def _for_value(self, key: str, value: Any, alone: bool) -> tuple[PythonCheck, ...]:
        kind = type(value)
        if kind is str:
            return self._text(key, value, alone) if len(value) <= _LONGEST else self._ask_value(key, value, alone)
        return self._value(key, kind if kind is list or kind is dict else value, alone)

    def _for_many(self, key: str, values: Sequence[Any]) -> list[PythonCheck]:
        """The checks due for an item of a long list: each predicate is asked until it holds, and nothing is remembered."""
        items = [type(value) if isinstance(value, list | dict) else value for value in values]
        texts = [item for item in items if isinstance(item, str)]
        asked = self._key(key).asked
        holds = {each: each.holds_for_any(self._kind, key, items, texts) for each in dict.fromkeys(predicate for predicate, _ in asked)}
        return [check for predicate, check in asked if holds[predicate]]

    def _ask_key(self, key: str) -> _Key:
        due: list[PythonCheck] = []
        asked: list[tuple[Predicate, PythonCheck]] = []
        for check in (*self._keys.get(key, ()), *self._keys.get(_ANY, ())):
            predicate = self._predicate(check.rule.check.get("when"))
            if predicate is None or (predicate.of_key and predicate.holds(self._kind, key)):
                due.append(check)
            elif not predicate.of_key:
                asked.append((predicate, check))
        return _Key(tuple(due), tuple(asked))

    def _ask_value(self, key: str, value: Any, alone: bool) -> tuple[PythonCheck, ...]:
        return tuple([check for predicate, check in self._key(key).asked if predicate.holds(self._kind, key, value, alone=alone)])

    def _predicate(self, name: str | None) -> Predicate | None:
        if name is None:
            return None
        if name not in self._predicates:
            self._predicates[name] = Predicate(name)
        return self._predicates[name]


def _troubles(card: Card) -> Iterable[str]:
    """Kinds of front-matter problems, its status, and what was odd about the card's bytes."""
    yield card.front_matter.status
    for problem in card.front_matter.problems:
        yield problem.kind
    if card.decoded.bom:
        yield "byte-order-mark"
    yield card.decoded.encoding
