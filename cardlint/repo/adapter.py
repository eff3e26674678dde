"""``adapter_config.json``: what PEFT and Adapters write beside their weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from cardlint.repo.jsonfile import read_object, text, texts, whole_number
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.repo.answer import Answer
    from cardlint.repo.repo import Repo


class Adapter(NamedTuple):
    """An adapter: its ``library``, the base model as written (an id or a local path), type, rank and targets.

    ``library`` is ``peft`` where a ``peft_type`` stands, ``adapter-transformers`` where that library's keys do, else None.
    """

    library: Literal["peft", "adapter-transformers"] | None
    peft_type: str | None
    task_type: str | None
    base_model: str | None
    revision: str | None
    rank: int | None
    target_modules: tuple[str, ...]
    peft_version: str | None
    data: dict[str, Any]


def read_adapter(repo: Repo) -> Answer[Adapter]:
    """The adapter configuration."""
    return read_object(repo, "adapter_config.json", _adapter)


def _adapter(data: dict[str, Any]) -> Adapter:
    peft = text(data.get("peft_type"))
    other = "config" in data and ("model_class" in data or "model_name" in data or "hidden_size" in data)
    return Adapter(
        library="peft" if peft else "adapter-transformers" if other else None,
        peft_type=peft,
        task_type=text(data.get("task_type")),
        base_model=text(data.get("base_model_name_or_path")) or (text(data.get("model_name")) if other else None),
        revision=text(data.get("revision")),
        rank=whole_number(data.get("r")),
        target_modules=texts(data.get("target_modules")),
        peft_version=text(data.get("peft_version")),
        data=data,
    )
