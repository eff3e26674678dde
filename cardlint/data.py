"""The data that ship with cardlint (rules, schemas, vocabularies), from a wheel, a checkout or a zip."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

import cardlint

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_HOME = os.path.dirname(cardlint.__file__)  # noqa: PTH120  # see `_read`


def folder(kind: str) -> Traversable:
    """The ``rules`` or ``schemas`` tree that belongs to the running cardlint.

    Raises FileNotFoundError where the installation lost it.
    """
    from importlib.resources import files

    package = files("cardlint")
    for place in (package.joinpath("_data", kind), package.joinpath("..", kind)):
        if place.is_dir():
            return place
    msg = f"this cardlint was installed without its {kind!r}"
    raise FileNotFoundError(msg)


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """The vocabulary ``schemas/vocab/NAME.json``: its ``_meta`` (source, date) and its content."""
    loaded: dict[str, Any] = orjson.loads(_bytes("schemas", "vocab", f"{name}.json"))
    return loaded


@cache
def ids(name: str) -> frozenset[str]:
    """The identifiers that a vocabulary lists under ``ids``. Raises FileNotFoundError where there is no such list."""
    if not name.isidentifier() or "ids" not in (found := vocabulary(name)):
        raise FileNotFoundError(name)
    return frozenset(found["ids"])


@cache
def words(name: str, key: str) -> frozenset[str]:
    """The words that a vocabulary lists under a key."""
    return frozenset(vocabulary(name)[key])


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema ``schemas/NAME.schema.json``."""
    loaded: dict[str, Any] = orjson.loads(_bytes("schemas", f"{name}.schema.json"))
    return loaded


def catalogue() -> dict[str, Any]:
    """The generated catalogue of rules, ``cardlint/_data/catalogue.json``."""
    loaded: dict[str, Any] = orjson.loads(_read(os.path.join(_HOME, "_data", "catalogue.json")))  # noqa: PTH118  # as below
    return loaded


@cache
def advice() -> dict[str, dict[str, str]]:
    """What shipped rules say more to cards of a group, by the code that the catalogue gives: ``cardlint/_data/advice.json``, generated too.

    It stands apart because most runs need few of the sentences, and many none.
    """
    loaded: dict[str, dict[str, str]] = orjson.loads(_read(os.path.join(_HOME, "_data", "advice.json")))  # noqa: PTH118  # as below
    return loaded


def _bytes(*parts: str) -> bytes:
    """A data file's content, from the package or from the checkout around it."""
    try:
        return _read(os.path.join(_HOME, "_data", *parts))  # noqa: PTH118  # a loader takes plain paths
    except OSError:
        return _read(os.path.join(os.path.dirname(_HOME), *parts))  # noqa: PTH118, PTH120


def _read(path: str) -> bytes:
    """A file beside the package, by the loader that read the package, so that a zip serves too.

    (importlib.resources would do the same, at 5 ms more for every start.)
    """
    loader: Any = cardlint.__spec__.loader
    content: bytes = loader.get_data(path)
    return content
