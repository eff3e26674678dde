"""mergekit's configuration: the parents of a merge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.repo.answer import Answer, Unreadable
from cardlint.repo.jsonfile import text
from cardlint.repo.yamlfile import read_yaml_file
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.repo.repo import Repo

_NAMES = ("mergekit_config.yml", "mergekit_config.yaml", "mergekit_moe_config.yml")
MAX_PARENTS = 200


class Merge(NamedTuple):
    """A merge: its method, the models in the order they are first named (the base too), its base, the dtype it writes."""

    method: str | None
    models: tuple[str, ...]
    base_model: str | None
    dtype: str | None


def read_merge(repo: Repo) -> Answer[Merge]:
    """The configuration at the top."""
    path = next((name for name in _NAMES if name in repo.names), None)
    return read_yaml_file(repo, path, _merge) if path else Answer("absent", _NAMES[0])


def _merge(data: Any) -> Merge:
    if type(data) is not dict:
        raise Unreadable("a mapping is expected")
    base = _model(data.get("base_model"))
    models = tuple(dict.fromkeys((*_models(data), *((base,) if base else ()))))
    return Merge(text(data.get("merge_method")), models[:MAX_PARENTS], base, text(data.get("out_dtype")) or text(data.get("dtype")))


def _models(data: dict[str, Any]) -> Iterator[str]:
    """Names of models under ``models``, ``slices[].sources``, ``experts``, ``modules.*.slices[].sources``."""
    for key in ("models", "experts", "slices"):
        for item in _items(data.get(key)):
            found = _model(item.get("model")) or _model(item.get("source_model"))
            if found:
                yield found
            yield from (found for source in _items(item.get("sources")) if (found := _model(source.get("model"))))
    modules = data.get("modules")
    for module in modules.values() if type(modules) is dict else ():
        if type(module) is dict:
            yield from _models({key: module.get(key) for key in ("models", "slices")})


def _items(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if type(item) is dict] if type(value) is list else []


def _model(value: Any) -> str | None:
    """A model's name: as text, with a LoRA after ``+`` or a revision after ``@`` cut off, or under ``model.path``."""
    if type(value) is dict:
        inner = value.get("model")
        value = inner.get("path") if type(inner) is dict else inner
    name = text(value)
    return name.partition("+")[0].partition("@")[0].strip() or None if name else None
