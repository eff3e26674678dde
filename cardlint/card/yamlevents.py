"""YAML from the events of libyaml: all that does not stand line by line, and all that is at fault. Bounded, never recursive."""

from __future__ import annotations

from typing import Any

import yaml
from yaml import YAMLError
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from cardlint.budgets import BUDGETS
from cardlint.card.fences import FrontMatterProblem
from cardlint.card.scalars import UNCERTAIN_START, plain, resolve
from cardlint.card.yamllines import MAX_DEPTH, MAX_NODES, MAX_PROBLEMS, YamlRead
from cardlint.card.yamlreader import YamlFault, escape

_TOO_DEEP_FOR_LIBYAML = "exceeded maximum nesting depth"
"""What libyaml says itself from 0.2.6 on, where brackets stand closer than its look-ahead."""
MAX_ALIASED_NODES = BUDGETS.aliased_values
_LONGEST_SCANNED = 20_000
"""Characters given to PyYAML's own scanner, which takes 30 µs for each hundred."""

_TAG = "tag:yaml.org,2002:"
_STRING_TAGS = frozenset({"!", _TAG + "str", _TAG + "binary", _TAG + "timestamp"})
_PLAIN_TAGS = frozenset({_TAG + name for name in ("null", "bool", "int", "float", "merge")})
_LIST_TAGS = frozenset({"!", _TAG + "seq", _TAG + "omap", _TAG + "pairs"})
_MAPPING_TAGS = frozenset({"!", _TAG + "map", _TAG + "set"})


class _Open:
    """A collection that is being read."""

    __slots__ = ("anchor", "at", "before", "is_list", "key", "merges", "next_at", "start", "value")

    def __init__(self, value: Any, at: str, start: int, anchor: str | None, before: int) -> None:
        self.value = value
        self.is_list = type(value) is list
        self.at = at
        self.start = start
        self.anchor = anchor
        self.before = before
        self.key: str | None = None
        self.next_at = ""
        self.merges: list[Any] = []


def read_events(source: str, offset: int = 0) -> YamlRead:
    """Read one YAML document from its events. Raises YamlFault as `cardlint.card.yamlreader.read_yaml` does."""
    if "\t" not in source:
        return _Reader(source, offset).read()
    try:
        read = _Reader(source, offset).read()
    except YamlFault as fault:
        # js-yaml takes a tab between tokens, libyaml does not everywhere.
        detabbed = _without_inner_tabs(source)
        if fault.kind != "invalid-yaml" or detabbed == source:
            raise
        read = _Reader(detabbed, offset).read()
    tab = refused_tab(source)
    if tab is not None:
        read.problems.append(FrontMatterProblem("tab", "", offset + tab, offset + tab + 1))
    return read


def refused_tab(source: str) -> int | None:
    """The first tab that PyYAML's own scanner refuses, as most Python consumers do; None for none and in long sources."""
    if len(source) > _LONGEST_SCANNED:
        return None
    try:
        for _ in yaml.scan(source, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark is not None and source[mark.index : mark.index + 1] == "\t":
            return int(mark.index)
    return None


def _without_inner_tabs(source: str) -> str:
    """The same text, same length, with tabs after the indentation as blanks."""
    lines = source.split("\n")
    for number, line in enumerate(lines):
        if "\t" in line:
            body = line.lstrip(" \t")
            lines[number] = line[: len(line) - len(body)] + body.replace("\t", " ")
    return "\n".join(lines)


class _Reader:
    """One pass over the events of a document."""

    def __init__(self, source: str, offset: int) -> None:
        self.source = source
        self.offset = offset
        self.stack: list[_Open] = []
        self.values: dict[str, tuple[int, int]] = {}
        self.keys: dict[str, tuple[int, int]] = {}
        self.problems: list[FrontMatterProblem] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = 0
        self.aliased = 0
        self.root: Any = None

    def read(self) -> YamlRead:
        documents = 0
        try:
            parser = CParser(self.source)
            while True:
                event: Any = parser.get_event()
                kind = type(event)
                if kind is ScalarEvent:
                    self._scalar(event)
                elif kind is MappingStartEvent:
                    self._open({}, event, _MAPPING_TAGS)
                elif kind is SequenceStartEvent:
                    self._open([], event, _LIST_TAGS)
                elif kind is MappingEndEvent or kind is SequenceEndEvent:
                    self._close(event.end_mark.index)
                elif kind is AliasEvent:
                    self._alias(event)
                elif kind is DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        raise self._fault("invalid-yaml", "a second document begins here", event.start_mark.index)
                elif kind is StreamEndEvent:
                    break
        except YAMLError as error:
            raise self._translated(error) from None
        except UnicodeEncodeError as error:
            raise self._fault("invalid-yaml", "a lone surrogate is no character", error.start) from None
        return YamlRead(self.root, self.values, self.keys, self.problems)

    def _scalar(self, event: Any) -> None:
        """A key or a value; the hottest function of all, so it reads each mark once and calls little."""
        text: str = event.value
        start = event.start_mark.index
        end = event.end_mark.index
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self._fault("too-many-values", f"more than {MAX_NODES} values", start, budget=True)
        value: Any = text
        if event.tag is None and event.implicit[0]:
            if not text or text[0] in UNCERTAIN_START:
                value, differs = plain(text)
                if differs:
                    self._differs(text, differs, start, end)
        elif event.tag is not None:
            value = self._tagged(event, start, end)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)
        stack = self.stack
        if not stack:
            self._put(value, "", start, end)
            return
        top = stack[-1]
        if top.is_list:
            self.values[f"{top.at}/{len(top.value)}"] = (self.offset + start, self.offset + end)
            top.value.append(value)
        elif top.key is None:
            self._key(top, text, start, end)
        else:
            if event.style in ("|", ">"):
                end = start + len(self.source[start:end].rstrip())
            self._put(value, top.next_at, start, end)

    def _differs(self, text: str, differs: str, start: int, end: int) -> None:
        """Remember a plain scalar that readers of YAML 1.1 see differently."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(FrontMatterProblem("yaml-1.1-differs", self._next_at(text), *self._place(start, end), differs))

    def _tagged(self, event: Any, start: int, end: int) -> Any:
        """The value of a scalar with an explicit tag. Raises YamlFault for one that js-yaml does not know."""
        if event.tag in _PLAIN_TAGS:
            return resolve(event.value)
        if event.tag not in _STRING_TAGS:
            raise self._fault("invalid-yaml", f"unknown tag !<{event.tag}>", start, end)
        return event.value

    def _open(self, value: dict[str, Any] | list[Any], event: Any, tags: frozenset[str]) -> None:
        start = event.start_mark.index
        if event.tag is not None and event.tag not in tags:
            raise self._fault("invalid-yaml", f"unknown tag !<{event.tag}>", start)
        if len(self.stack) >= MAX_DEPTH:
            raise self._fault("too-deep", f"more than {MAX_DEPTH} levels", start, budget=True)
        if self.stack and not self.stack[-1].is_list and self.stack[-1].key is None:
            raise self._fault("invalid-yaml", "a key is a list or a mapping", start)
        self._count(start)
        self.stack.append(_Open(value, self._next_at(), start, event.anchor, self.nodes))

    def _close(self, end: int) -> None:
        done = self.stack.pop()
        if done.merges:
            for merged in done.merges:
                for key, value in merged.items():
                    done.value.setdefault(key, value)
        end = done.start + len(self.source[done.start : end].rstrip())
        if done.anchor is not None:
            self.anchors[done.anchor] = (done.value, self.nodes - done.before + 1)
        self._put(done.value, done.at, done.start, end)

    def _alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor not in self.anchors:
            raise self._fault("invalid-yaml", f"unknown alias {event.anchor!r}", start, end)
        value, size = self.anchors[event.anchor]
        self.aliased += size
        if self.aliased > MAX_ALIASED_NODES:
            raise self._fault("too-many-aliases", f"aliases stand for more than {MAX_ALIASED_NODES} values", start, end, budget=True)
        # What an alias stands for counts in the anchors around it too, so that a bomb of aliases of aliases is seen.
        self.nodes += size
        top = self.stack[-1] if self.stack else None
        if top is not None and not top.is_list and top.key is None:
            if isinstance(value, dict | list):
                raise self._fault("invalid-yaml", "a key is a list or a mapping", start, end)
            self._key(top, str(value), start, end)
        else:
            self._put(value, self._next_at(), start, end)

    def _key(self, top: _Open, text: str, start: int, end: int) -> None:
        at = f"{top.at}/{escape(text)}"
        if text in top.value and text != "<<":
            raise self._fault("duplicate-key", text, start, end, at)
        top.key = text
        top.next_at = at
        top.value[text] = None  # keeps the author's order
        self.keys[at] = (self.offset + start, self.offset + end)

    def _put(self, value: Any, at: str, start: int, end: int) -> None:
        """Store a complete value in the collection around it."""
        self.values[at] = (self.offset + start, self.offset + end)
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        if top.is_list:
            top.value.append(value)
            return
        key = top.key
        top.key = None
        if key == "<<" and _mergeable(value):
            del top.value["<<"]
            top.merges.extend(value if isinstance(value, list) else [value])
        else:
            top.value[key] = value

    def _next_at(self, text: str = "") -> str:
        """The pointer of the value that comes next; of the key ``text`` itself where a key is due."""
        if not self.stack:
            return ""
        top = self.stack[-1]
        if top.is_list:
            return f"{top.at}/{len(top.value)}"
        return top.next_at if top.key is not None else f"{top.at}/{escape(text)}"

    def _count(self, start: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self._fault("too-many-values", f"more than {MAX_NODES} values", start, budget=True)

    def _place(self, start: int, end: int) -> tuple[int, int]:
        return self.offset + start, self.offset + end

    def _fault(self, kind: str, message: str, start: int, end: int | None = None, at: str = "", *, budget: bool = False) -> YamlFault:
        begin, stop = self._place(start, start + 1 if end is None else end)
        return YamlFault(kind, message, begin, stop, at, budget=budget)

    def _translated(self, error: YAMLError) -> YamlFault:
        """PyYAML's error with its place in the card."""
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None)
        if mark is not None and problem == _TOO_DEEP_FOR_LIBYAML:
            return self._fault("too-deep", f"more than {MAX_DEPTH} levels", mark.index, budget=True)
        if mark is not None:
            return self._fault("invalid-yaml", str(problem or getattr(error, "context", None) or "invalid YAML"), mark.index)
        position = getattr(error, "position", None)
        reason = str(getattr(error, "reason", None) or "invalid YAML")
        if not isinstance(position, int):
            return self._fault("invalid-yaml", reason, 0)
        index = len(self.source.encode("utf-8", "replace")[:position].decode("utf-8", "ignore"))
        return self._fault("invalid-yaml", reason, index)


def _mergeable(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and all(isinstance(item, dict) for item in value))
