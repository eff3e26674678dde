"""Lineage that files tell: adapters, merges, GGUF headers, configurations, against what the front matter declares."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cardlint.checks.values import addition, texts
from cardlint.hub.names import is_id, is_old_id, is_path, plain
from cardlint.model import NotChecked, Problem
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo

_AT = "/metadata/base_model"
_TAIL = Pattern(r"[-_](?:unsloth|bnb|4bit|8bit|dynamic|quantized|gptq|awq|fp16|bf16|fp8|hf|sharded|gguf|safetensors)(?![a-z0-9])")
_SQUEEZE = Pattern(r"[^a-z0-9]+")
_LONGEST = 200
_SHOWN = 3


def _declared(card: Card) -> list[str]:
    return [plain(value) for _, value in texts(card, "base_model")]


def _alike(one: str, other: str) -> bool:
    """Whether two names may stand for the same model: owners and marks of copies and packings aside."""
    return _core(one) == _core(other)


def _core(value: str) -> str:
    name = value.rstrip("/").rpartition("/")[2][-_LONGEST:].lower()
    while True:
        shorter = _TAIL.sub("", name)
        if shorter == name:
            break
        name = shorter
    name = _SQUEEZE.sub("", name)
    return re.sub(r"^meta(?=llama)", "", name)


def adapter_undeclared(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """An adapter whose base is named in its configuration and not in the front matter."""
    if repo.adapter.state == "not-here":
        yield NotChecked("'adapter_config.json' is not in this copy")
    base = repo.adapter.value.base_model if repo.adapter.value else None
    if base is None or "base_model" in card.front_matter.metadata:
        return
    if is_id(base) or is_old_id(base):
        fix = addition(card, "base_model", [base])
        yield Problem(_AT, f"adapter_config.json names '{base}', but base_model is not given", value=base, fix=fix, about="base_model")


def adapter_differs(card: Card, repo: Repo) -> Iterator[Problem]:
    """An adapter for another base than the front matter declares."""
    base = repo.adapter.value.base_model if repo.adapter.value else None
    declared = _declared(card)
    if base is None or not declared or not is_id(base) or any(_alike(base, each) for each in declared):
        return
    if any(is_path(each) for each in declared):
        return
    yield Problem(_AT, f"base_model is '{declared[0]}', adapter_config.json names '{base}'", value=base)


def adapter_local(repo: Repo) -> Iterator[Problem]:
    """An adapter whose base is a folder of its author's."""
    base = repo.adapter.value.base_model if repo.adapter.value else None
    if base is not None and is_path(base) and not repo.has(base.removeprefix("./")):
        yield Problem("/repo/adapter", f"adapter_config.json names '{base}', a path on its author's machine", value=base)


def merge_parents(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """Parents of a merge that the front matter does not declare."""
    if repo.merge.state == "not-here":
        yield NotChecked("the configuration of the merge is not in this copy")
    if repo.merge.value is None:
        return
    declared = {each.lower() for each in _declared(card)}
    parents = [each for each in repo.merge.value.models if is_id(each)]
    lacking = [each for each in parents if each.lower() not in declared and not any(_alike(each, one) for one in declared)]
    if lacking:
        shown = ", ".join(f"'{each}'" for each in lacking[:_SHOWN]) + (", …" if len(lacking) > _SHOWN else "")
        given = (
            "base_model is not given"
            if not declared
            else "base_model does not list it"
            if len(lacking) == 1
            else "base_model lists none of them"
        )
        yield Problem(_AT, f"{repo.merge.path} merges {shown}, but {given}", value=lacking[0])


def gguf_base(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A GGUF file whose header names another base than the front matter does, or one that it does not declare."""
    declared = _declared(card)
    for path, answer in repo.weights.gguf.items():
        if answer.value is None:
            if answer.state == "not-here":
                yield NotChecked("weight files are not in this copy")
                return
            continue
        bases = [plain(each) for each in answer.value.base_models]
        bases = [each for each in bases if is_id(each)]
        if not bases:
            continue
        if not declared:
            yield Problem(_AT, f"'{path}' names '{bases[0]}' as its base, but base_model is not given", value=bases[0])
        elif not any(_near(each, one) for each in bases for one in declared) and not _passed_through(answer.value.name, declared):
            yield Problem(_AT, f"base_model is '{declared[0]}', the header of '{path}' names '{bases[0]}'", value=bases[0])
        return


def _near(one: str, other: str) -> bool:
    """Whether two models are the same, or one is a version of the other (a header names the base of what was converted)."""
    first, second = _core(one), _core(other)
    return first.startswith(second) or second.startswith(first)


def _passed_through(name: str | None, declared: list[str]) -> bool:
    """Whether the header's own name is that of a declared base: then its base is a step further back."""
    core = _core(name or "")
    return bool(core) and any(core.startswith(_core(each)) or _core(each).startswith(core) for each in declared)


def config_base(card: Card, repo: Repo, facts: dict[str, Any]) -> Iterator[Problem]:
    """A configuration that was taken from another model, when neither front matter nor body name any base."""
    name = repo.config.value.name_or_path if repo.config.value else None
    own = str(facts["id"] or "")
    if name is None or not own or "base_model" in card.front_matter.metadata or not is_id(name) or repo.adapter.state != "absent":
        return
    if _alike(name, own) or _near(name, own) or _mentioned(card, name):
        return
    if repo.merge.state != "absent" or card.claims.base_models:
        return
    yield Problem(_AT, f"config.json was made from '{name}', but the card names no base model", value=name)


def _mentioned(card: Card, name: str) -> bool:
    return _SQUEEZE.sub("", name.rpartition("/")[2].lower()) in _SQUEEZE.sub("", card.text[:200_000].lower())


_QUANTIZED = frozenset({"gguf", "ggml", "onnx", "openvino", "mlx", "tensorrt", "coreml", "tflite", "litert-lm"})


def relation(card: Card, repo: Repo) -> Iterator[Problem]:
    """A relation to the base that the files rule out."""
    for at, value in texts(card, "base_model_relation"):
        said = value.strip().lower()
        main = repo.weights.main
        full = main is not None and not main.adapter and "lora" not in main.path.lower()
        adapter = repo.adapter.state != "absent" or any(each.adapter for each in repo.weights.checkpoints)
        if said == "adapter" and full and not adapter:
            yield Problem(at, f"the relation is 'adapter', but the files are whole weights ('{main.path if main else ''}')", value=value)
        elif said in ("finetune", "merge", "quantized") and adapter and not full:
            yield Problem(at, f"the relation is '{said}', but the files are an adapter", value=value)
        elif said == "quantized" and full and main is not None and _plain_floats(repo):
            yield Problem(at, "the relation is 'quantized', but the weights are plain floats", value=value)


def _plain_floats(repo: Repo) -> bool:
    """Whether all weights are read and hold floats of 16 bits or more."""
    sets = repo.weights.checkpoints
    if not _QUANTIZED.isdisjoint(repo.weights.formats) or repo.config.state == "not-here":
        return False
    if repo.config.value is not None and repo.config.value.quantization is not None:
        return False
    return bool(sets) and all(each.state == "ok" and each.dtypes.keys() <= {"F32", "F16", "BF16", "F64"} for each in sets)
