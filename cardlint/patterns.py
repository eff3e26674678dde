"""Regular expressions that are compiled when they are first used: most cards need few of the hundreds there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cardlint.compiled import STORE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""The letters and digits of ASCII; `string`, which has them too, compiles a pattern when it is imported."""


class Cues:
    """RE2 patterns by name that are asked one thing only, which of them occur: a text is read once for all of them."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._names = tuple(sources)
        self._sources = tuple(sources.values())
        self._match: Any = None

    def occurring(self, text: str) -> frozenset[str]:
        """The names of those that the text holds."""
        if self._match is None:
            self._match = _search_set(self._sources)
        return frozenset([self._names[index] for index in self._match(text) or ()])


class Cue:
    """One RE2 pattern that is asked only whether it occurs."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._match: Any = None

    def occurs(self, text: str | bytes) -> bool:
        """Whether the text holds it; in UTF-8, a long one is not encoded again."""
        if self._match is None:
            self._match = _search_set((self._source,))
        return self._match(text) is not None


_AUTOMATON = 2**24
"""Bytes that RE2 may use for the cues of one topic: where its own 8 MB do not hold them, it reads at a third of the speed."""


def _search_set(sources: Iterable[str]) -> Any:
    """What tells the numbers of the patterns that a text holds, None where there are none."""
    import re2

    options = re2.Options()
    options.max_mem = _AUTOMATON
    found = re2.Set.SearchSet(options)
    for source in sources:
        found.Add(source)
    found.Compile()
    return found.Match


class Words:
    """Literal words, whatever their case, that are asked one thing only, which of them occur.

    A first text is searched for each of them, for that takes a fifth of the time in which an automaton of hundreds is made;
    from the second on that reads a text once for all.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """Take the words in lower case."""
        self._words = tuple(words)
        self._is_first = True
        self._set: Any = None

    def occurring(self, text: str, utf8: bytes) -> Iterable[int]:
        """The numbers of those that the text holds; ``utf8`` is the same text."""
        if not self._words:
            return ()
        if self._is_first and len(utf8) <= _LONGEST_FIRST:
            self._is_first = False
            low = text.lower().replace("ſ", "s")  # as RE2 folds it
            return [index for index, word in enumerate(self._words) if word in low]
        if self._set is None:
            self._set = self._automaton()
        found: Iterable[int] = self._set.Match(utf8) or ()
        return found

    def _automaton(self) -> Any:
        import re2

        options = re2.Options()
        options.case_sensitive = False
        options.literal = True
        found = re2.Set.SearchSet(options)
        for word in self._words:
            found.Add(word)
        found.Compile()
        return found


_LONGEST_FIRST = 100_000


class Pattern:
    """A pattern of the ``re`` module; its methods are bound on first use and cost nothing more afterwards."""

    if TYPE_CHECKING:
        search: Callable[..., re.Match[str] | None]
        match: Callable[..., re.Match[str] | None]
        fullmatch: Callable[..., re.Match[str] | None]
        finditer: Callable[..., Iterator[re.Match[str]]]
        findall: Callable[..., list[Any]]
        split: Callable[..., list[str]]
        sub: Callable[..., str]

    def __init__(self, source: str, flags: int = 0) -> None:
        self.source = source
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        method = getattr(STORE.pattern(self.source, int(self.flags)), name)
        setattr(self, name, method)
        return method


class OneOf:
    """Words and patterns, one of which a whole text is. Words, beginnings and endings are looked up: nothing is compiled for them."""

    def __init__(self, sources: Iterable[str], *, any_case: bool = True) -> None:
        """A source of letters, digits and ``_ /'-`` alone is a word; with ``.*`` behind or before it, a beginning or an ending."""
        self._any_case = any_case
        words, beginnings, endings, patterns = set(), [], [], []
        for source in sources:
            word = source.lower() if any_case else source
            if _is_word(source):
                words.add(word)
            elif _is_word(source.removesuffix(_ANY)):
                beginnings.append(word.removesuffix(_ANY))
            elif _is_word(source.removeprefix(_ANY)):
                endings.append(word.removeprefix(_ANY))
            else:
                patterns.append(source)
        self._words, self._beginnings, self._endings = frozenset(words), tuple(beginnings), tuple(endings)
        self._pattern = Pattern("|".join(patterns), re.IGNORECASE if any_case else 0)

    def holds(self, text: str) -> bool:
        """Whether the text is one of them."""
        said = text.lower() if self._any_case else text
        if said in self._words:
            return True
        if (said.startswith(self._beginnings) or said.endswith(self._endings)) and "\n" not in said:  # as `.*` reads
            return True
        return bool(self._pattern.fullmatch(text))


_ANY = ".*"


def _is_word(source: str) -> bool:
    return all(sign.isalnum() or sign in "_ /'-" for sign in source)
