"""Which Python checks a card is due: those that wait for a key, a word or a trouble are called only where it is there."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cardlint.card.card import Card
    from cardlint.engine.rule import Rule
    from cardlint.model import Problem

_PARAMETERS = frozenset({"card", "repo", "hub", "facts", "options"})


class PythonCheck:
    """A rule's function, imported when it is first called, and the parameters it asks for."""

    __slots__ = ("_function", "rule", "wants")

    def __init__(self, rule: Rule) -> None:
        """Take the parameters from the catalogue; a rule that does not ship is imported at once.

        Raises ImportError or AttributeError where the rule names no function, TypeError for odd parameters.
        """
        self.rule = rule
        self._function: Callable[..., Iterable[Problem]] | None = None
        self.wants: tuple[str, ...] = tuple(rule.check["wants"]) if "wants" in rule.check else parameters(self.function)
        odd = set(self.wants) - _PARAMETERS
        if odd:
            known = ", ".join(sorted(_PARAMETERS))
            msg = f"{rule.code}: {rule.check['python']} asks for {', '.join(sorted(odd))}; a check may ask for {known}"
            raise TypeError(msg)

    @property
    def function(self) -> Callable[..., Iterable[Problem]]:
        """The function itself."""
        if self._function is None:
            module, _, name = self.rule.check["python"].partition(":")
            self._function = getattr(import_module(module), name)
        return self._function


def parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's parameters."""
    return function.__code__.co_varnames[: function.__code__.co_argcount]


class Dispatch:
    """The Python checks of a plan, by what they wait for: ``keys``, ``problems``, ``words``, or nothing."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.always: list[PythonCheck] = []
        self.keys: dict[str, list[PythonCheck]] = {}
        self.problems: dict[str, list[PythonCheck]] = {}
        words: dict[str, list[PythonCheck]] = {}
        for rule in rules:
            check = PythonCheck(rule)
            tables: list[tuple[dict[str, list[PythonCheck]], Any]] = [
                (self.keys, rule.check.get("keys")),
                (self.problems, rule.check.get("problems")),
                (words, rule.check.get("words")),
            ]
            waits = [(table, names) for table, names in tables if names]
            for table, names in waits:
                for name in names:
                    table.setdefault(name.lower() if table is words else name, []).append(check)
            if not waits:
                self.always.append(check)
        self._waiting = list(words.values())
        self._words = _word_set(list(words)) if words else None

    def due(self, card: Card) -> Iterator[PythonCheck]:
        """The checks to call on a card, each once."""
        yield from self.always
        block = card.front_matter
        done: set[str] = set()
        for check in self._found(card, block.metadata, [problem.kind for problem in block.problems]):
            if check.rule.code not in done:
                done.add(check.rule.code)
                yield check

    def _found(self, card: Card, keys: Iterable[str], problems: Iterable[str]) -> Iterator[PythonCheck]:
        if self.keys:
            for key in keys:
                yield from self.keys.get(key, ())
        for problem in problems:
            yield from self.problems.get(problem, ())
        if self._words is not None:
            for index in self._words.Match(card.text) or ():
                yield from self._waiting[index]


def _word_set(words: Sequence[str]) -> Any:
    """One set of literal words, whatever their case: a card is read once for all of them."""
    import re2

    options = re2.Options()
    options.case_sensitive = False
    found = re2.Set.SearchSet(options)
    for word in words:
        found.Add(re2.escape(word))
    found.Compile()
    return found
