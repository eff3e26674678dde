"""JSON files of strangers: bounded in bytes and depth, tolerant of what Python's writers emit."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Any, TypeVar

from cardlint.card.decode import without_surrogates
from cardlint.repo.answer import Answer, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from cardlint.repo.repo import Repo

MAX_JSON = 4_000_000
"""Bytes of a configuration file; the largest on public hubs (label maps of 20,000 classes) have about 1 MB."""
MAX_DEPTH = 64
"""Nested collections, as the hub's own reader of headers allows."""

_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)

_ESCAPED_HALF = re.compile(rb"\\u[dD][89a-fA-F]")

T = TypeVar("T")


def parse(data: bytes) -> Any:
    """The value of a JSON text. NaN, Infinity, a byte order mark and doubled keys (the last counts) pass. Raises Unreadable."""
    if data.startswith(BOM_UTF8):
        data = data[3:]
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH and _depth(data) > MAX_DEPTH:
        raise Unreadable(f"nested deeper than {MAX_DEPTH}")
    try:
        value = json.loads(data)
        return whole_texts(value) if _ESCAPED_HALF.search(data) else value
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    except ValueError as error:
        raise Unreadable(f"not JSON: {error}") from None
    except RecursionError:
        raise Unreadable(f"nested deeper than {MAX_DEPTH}") from None


def whole_texts(value: Any) -> Any:
    """A value whose texts hold no half of a surrogate pair, which JSON can write and no encoding can."""
    if type(value) is str:
        return without_surrogates(value)
    if type(value) is list:
        return [whole_texts(item) for item in value]
    return {without_surrogates(key): whole_texts(item) for key, item in value.items()} if type(value) is dict else value


def _depth(data: bytes) -> int:
    depth = deepest = 0
    for mark in _MARKS.findall(data):
        if mark in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MAX_DEPTH:
                break
        elif mark in (b"]", b"}"):
            depth -= 1
    return deepest


def read_object(repo: Repo, path: str, build: Callable[[dict[str, Any]], T], limit: int = MAX_JSON) -> Answer[T]:
    """What ``build`` makes of the object in a JSON file."""
    return _read(repo, path, build, dict, limit)


def read_list(repo: Repo, path: str, build: Callable[[list[Any]], T], limit: int = MAX_JSON) -> Answer[T]:
    """What ``build`` makes of the list in a JSON file."""
    return _read(repo, path, build, list, limit)


def _read(repo: Repo, path: str, build: Callable[[Any], T], wanted: type, limit: int) -> Answer[T]:
    whole = repo.whole(path, limit)
    if whole.value is None:
        return Answer(whole.state, path, reason=whole.reason)
    try:
        value = parse(whole.value)
        if type(value) is not wanted:
            raise Unreadable(f"{'an object' if wanted is dict else 'a list'} is expected")
        return Answer("ok", path, build(value))
    except Unreadable as error:
        return Answer("unreadable", path, reason=str(error))


def text(value: Any) -> str | None:
    """A non-empty text, else None."""
    return value if type(value) is str and value else None


def texts(value: Any) -> tuple[str, ...]:
    """The texts of a list; a single text counts as a list of one."""
    if type(value) is str:
        return (value,) if value else ()
    return tuple(item for item in value if type(item) is str and item) if type(value) is list else ()


def whole_number(value: Any) -> int | None:
    """An integer, also one written ``1.0``; None for booleans, other types, and for 1e29 and more, which means 'not set'."""
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and abs(value) < 10**18 else None


def mapping(value: Any) -> dict[str, Any]:
    """A mapping, else an empty one."""
    return value if type(value) is dict else {}
