"""YAML files of strangers, by the bounded reader of front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from cardlint.card.yamlreader import YamlFault, read_yaml
from cardlint.repo.answer import Answer, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from cardlint.repo.repo import Repo

MAX_YAML = 1_000_000
"""Bytes of a YAML file; its reader bounds depth, nodes and aliases besides."""

T = TypeVar("T")


def read_yaml_file(repo: Repo, path: str, build: Callable[[Any], T]) -> Answer[T]:
    """What ``build`` makes of a YAML file's value; it may raise Unreadable."""
    whole = repo.whole(path, MAX_YAML)
    if whole.value is None:
        return Answer(whole.state, path, reason=whole.reason)
    try:
        return Answer("ok", path, build(read_yaml(whole.value.decode("utf-8-sig")).value))
    except YamlFault as fault:
        return Answer("unreadable", path, reason=f"not YAML: {fault.message}")
    except UnicodeDecodeError:
        return Answer("unreadable", path, reason="not UTF-8")
    except Unreadable as error:
        return Answer("unreadable", path, reason=str(error))
