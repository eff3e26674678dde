"""Weight files that cannot be loaded or that contradict each other: shards, headers, indexes, twins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.model import NotChecked, Problem
from cardlint.patterns import Pattern
from cardlint.repo.jsonfile import mapping, read_object
from cardlint.repo.weights import MAX_INDEX

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from cardlint.repo.repo import Repo
    from cardlint.repo.weights import Checkpoint

AT = "/repo/weights"
NOT_HERE = "weight files are not in this copy"
_SHARD = Pattern(r"[-_]\d{5,6}-of-\d{5,6}\.")
_INDEX = Pattern(r"(?:.*/)?[\w.-]{1,80}\.(?:safetensors|bin|h5|msgpack)\.index(?:\.\w{1,20})?\.json")
_HEADED = frozenset({"safetensors", "gguf"})
_NO_TEXT = frozenset({"safetensors", "gguf", "pytorch", "bin", "tensorflow", "hdf5", "onnx", "keras", "flax"})
_TWINS = {
    "model": "model",
    "pytorch_model": "model",
    "tf_model": "model",
    "flax_model": "model",
    "diffusion_pytorch_model": "diffusion",
    "diffusion_flax_model": "diffusion",
    "adapter_model": "adapter",
}
_TWIN_FORMATS = ("safetensors", "pytorch", "tensorflow", "flax")
_APART = 1.25
"""Ratio of sizes from which twins cannot hold the same tensors: buffers, heads and containers make up to about 15 %."""
_SMALLEST = 1_000_000
"""Bytes below which containers and heads weigh more than the weights."""
_SLACK = 0.03
_MOST_NAMED = 3


def missing_shards(repo: Repo) -> Iterator[Problem | NotChecked]:
    """Sets of shards of which some are not listed, and indexes none of whose shards is."""
    indexed = set()
    for each in repo.weights.checkpoints:
        if each.listing is not None:
            indexed.add(each.listing.path)
        if each.missing and _SHARD.search(each.path) and not _left_over(each, repo):
            whole = len(each.missing) + len(set(each.files) - set(each.missing))
            message = f"{len(each.missing)} of the {whole} shards of '{_base(each.path)}' are missing: {_named(each.missing)}"
            yield Problem(AT, message, value=each.path)
    if not any(file.role == "weights" for file in repo.weights.files):
        return  # a repository without any has a finding of its own
    for path in sorted(name for name in repo.names if name.endswith(".json") and _INDEX.fullmatch(name) and name not in indexed):
        answer = read_object(repo, path, _files, MAX_INDEX)
        if answer.state == "not-here":
            yield NotChecked("an index of shards is not in this copy")
        folder = path[: path.rfind("/") + 1]
        if answer.value and not any(folder + name in repo.names for name in answer.value):
            yield Problem(AT, f"'{path}' names {len(answer.value)} weight files, and none of them is there", value=path)


def _files(data: dict[str, Any]) -> frozenset[str]:
    """The files that an index names."""
    return frozenset(name for name in mapping(data.get("weight_map")).values() if type(name) is str)


def _left_over(each: Checkpoint, repo: Repo) -> bool:
    """Whether shards are the rest of an older set, and the index names files that are all there."""
    index = each.listing.value if each.listing else None
    if index is None or not index.files:
        return False
    prefix = f"{each.folder}/" if each.folder else ""
    named = {prefix + name for name in index.files}
    return named <= repo.names and named.isdisjoint(each.files)


def _base(path: str) -> str:
    return _SHARD.sub(".", path)


def _named(paths: tuple[str, ...]) -> str:
    shown = ", ".join(f"'{path.rpartition('/')[2]}'" for path in paths[:_MOST_NAMED])
    return shown + (", …" if len(paths) > _MOST_NAMED else "")


def unreadable(repo: Repo) -> Iterator[Problem | NotChecked]:
    """Weight files cut short, or that are no weights at all."""
    weights = repo.weights
    told = set()
    for file in weights.files:
        if file.role == "weights" and file.format in _NO_TEXT and file.content in ("html", "text", "empty"):
            told.add(file.path)
            what = {"html": "a web page", "text": "a text", "empty": "empty"}[file.content]
            yield Problem(AT, f"'{file.path}' is {what}, no weights", value=file.path)
    for each in weights.checkpoints:
        if each.format in _HEADED and each.state == "unreadable" and told.isdisjoint(each.files):
            reason = each.reason if each.reason.startswith(each.files) else f"{each.path}: {each.reason}"
            path, _, why = reason.partition(": ")
            yield Problem(AT, f"'{path}' cannot be read: {why}", value=path)
    if any(each.format in _HEADED and each.state == "not-here" for each in weights.checkpoints):
        yield NotChecked(NOT_HERE)


def index_size(repo: Repo) -> Iterator[Problem | NotChecked]:
    """Indexes whose total size is not that of the shards."""
    for each in repo.weights.checkpoints:
        index = each.listing.value if each.listing else None
        if index is None or index.total_size is None or each.bytes is None or each.missing or not each.bytes:
            continue
        if len(each.files) < 2 or abs(index.total_size - each.bytes) <= _SLACK * each.bytes:
            continue
        said, held = size(index.total_size), size(each.bytes)
        path = each.listing.path if each.listing else each.path
        yield Problem(AT, f"'{path}' gives a total of {said}, the shards hold {held}", value=path)


def size(number: int) -> str:
    """Bytes in words."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if number >= unit:
            return f"{number / unit:.3g} {name}"
    return f"{number} bytes"


def twins(repo: Repo) -> Iterator[Problem | NotChecked]:
    """Files that pass for the same weights in two formats and have sizes that no choice of number format explains."""
    groups: dict[tuple[str, str, str], list[Checkpoint]] = {}
    for each in repo.weights.checkpoints:
        base, _, variant = each.name.partition(".")
        if base in _TWINS and each.format in _TWIN_FORMATS and not each.missing and each.bytes:
            groups.setdefault((each.folder, _TWINS[base], variant), []).append(each)
    for found in groups.values():
        found.sort(key=lambda each: _TWIN_FORMATS.index(each.format))
        first = found[0]
        for other in found[1:]:
            if other.format != first.format and _differ(first.bytes or 1, other.bytes or 1):
                one, two = size(first.bytes or 0), size(other.bytes or 0)
                yield Problem(AT, f"'{_base(first.path)}' holds {one}, its twin '{_base(other.path)}' {two}", value=other.path)


def _differ(one: int, two: int) -> bool:
    """Whether the larger is not one, two or four times the smaller."""
    small, large = sorted((one, two))
    return small >= _SMALLEST and large > _APART * small and all(abs(large / (small * factor) - 1) > _SLACK for factor in (2, 4))
