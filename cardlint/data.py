"""The data that ship with cardlint (rules, schemas, vocabularies), from a wheel, a checkout or a zip."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def folder(kind: str) -> Traversable:
    """The ``rules`` or ``schemas`` tree that belongs to the running cardlint.

    Raises FileNotFoundError where the installation lost it.
    """
    package = files("cardlint")
    for place in (package.joinpath("_data", kind), package.joinpath("..", kind)):
        if place.is_dir():
            return place
    msg = f"this cardlint was installed without its {kind!r}"
    raise FileNotFoundError(msg)


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """The vocabulary ``schemas/vocab/NAME.json``: its ``_meta`` (source, date) and its content."""
    text = folder("schemas").joinpath("vocab", f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def ids(name: str) -> frozenset[str]:
    """The identifiers that a vocabulary lists under ``ids``."""
    return frozenset(vocabulary(name)["ids"])


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema ``schemas/NAME.schema.json``."""
    text = folder("schemas").joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
