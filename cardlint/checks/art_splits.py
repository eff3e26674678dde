"""Which files make up the splits of a dataset: by ``configs`` in the front matter, else by the files' names."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import re2

from cardlint import data
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo

_SHARDED = Pattern(r"(?:data/)?([A-Za-z]\w*)-\d{5}-of-\d{5}(?:-[0-9a-f]{16})?\.\w+")
_WORDS = (
    ("train", Pattern(r"(?i)(?:^|[-._ 0-9/])(?:train|training)(?:[-._ 0-9/]|$)")),
    ("validation", Pattern(r"(?i)(?:^|[-._ 0-9/])(?:validation|valid|dev|val)(?:[-._ 0-9/]|$)")),
    ("test", Pattern(r"(?i)(?:^|[-._ 0-9/])(?:test|testing|eval|evaluation)(?:[-._ 0-9/]|$)")),
)
"""The words that the datasets library takes splits from."""
_NO_DATA = Pattern(
    r"(?i)(?:(?:.*/)?(?:readme|license|licence|notice|citation|changelog|contributing|requirements|dataset_infos?|dataset_dict|state|croissant"
    r"|package|config|setup|environment|\.[\w-]+)(?:\..*)?|.*\.(?:md|py|ipynb|gitattributes|gitignore|sh|toml|cfg))"
)


_MOST_FILES = 20_000
_MOST_PATTERNS = 500
"""Beyond these bounds a pattern is not followed: what it matches is not told."""
Splits = dict[str | None, tuple[str, ...] | None]
"""The files of each split; None where a pattern leads out of the repository."""


class Chosen(NamedTuple):
    """A pattern of ``data_files``: where it stands, its configuration and split, and the files it matches (None: not to tell)."""

    at: str
    config: str
    split: str | None
    pattern: str
    files: tuple[str, ...] | None


def chosen(card: Card, repo: Repo) -> Iterator[Chosen]:
    """What every ``data_files`` of the configurations stands for."""
    value = card.front_matter.metadata.get("configs")
    names = sorted(repo.names) if len(repo.files) <= _MOST_FILES else None
    left = _MOST_PATTERNS
    for index, config in enumerate(value[:200] if isinstance(value, list) else ()):
        if not isinstance(config, dict) or not isinstance(name := config.get("config_name", "default"), str):
            continue
        folder = config.get("data_dir")
        folder = folder.strip("/").removeprefix("./") if isinstance(folder, str) else ""
        at = f"/metadata/configs/{index}/data_files"
        for place, split, pattern in _patterns(config.get("data_files"), at):
            left -= 1
            yield Chosen(place, name, split, pattern, _matches(pattern, folder, names) if names is not None and left >= 0 else None)


def _patterns(value: Any, at: str) -> Iterator[tuple[str, str | None, str]]:
    if isinstance(value, str):
        yield at, None, value
        return
    for index, entry in enumerate(value[:200] if isinstance(value, list) else ()):
        here = f"{at}/{index}"
        if isinstance(entry, str):
            yield here, None, entry
        elif isinstance(entry, dict):
            split = entry.get("split") if isinstance(entry.get("split"), str) else None
            paths = entry.get("path")
            if isinstance(paths, str):
                yield f"{here}/path", split, paths
            for number, path in enumerate(paths[:200] if isinstance(paths, list) else ()):
                if isinstance(path, str):
                    yield f"{here}/path/{number}", split, path


def _matches(pattern: str, folder: str, names: list[str]) -> tuple[str, ...] | None:
    """The files that a pattern matches; None for an address, an archive's member and alternatives in braces."""
    pattern = pattern.strip().removeprefix("./")
    if "://" in pattern or "::" in pattern or "{" in pattern or pattern.startswith(("/", "~", "..")) or len(pattern) > 500:
        return None
    if folder and not pattern.startswith(folder + "/"):
        pattern = f"{folder}/{pattern}"
    compiled = _glob(pattern)
    if compiled is None:
        return None
    return tuple(name for name in names if compiled.fullmatch(name))


@lru_cache(maxsize=512)
def _glob(pattern: str) -> re2._Regexp[str] | None:
    """A pattern of files as fsspec reads it; None where it is malformed."""
    out = []
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if pattern.startswith("**/", at):
            out.append("(?:.*/)?")
            at += 3
            continue
        if pattern.startswith("**", at):
            out.append(".*")
            at += 2
            continue
        if letter == "[":
            end = pattern.find("]", at + 2)
            if end < 0:
                return None
            inner = pattern[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            out.append(f"[{'^' + inner[1:] if inner[0] in '!^' else inner}]")
            at = end + 1
            continue
        out.append({"*": "[^/]*", "?": "[^/]"}.get(letter) or re2.escape(letter))
        at += 1
    try:
        return re2.compile("".join(out))
    except re2.error:
        return None


def data_files(repo: Repo) -> tuple[str, ...]:
    """The files that may be data."""
    endings = data.words("data_files", "endings")
    return tuple(name for name in sorted(repo.names) if name.rpartition(".")[2].lower() in endings and not _NO_DATA.fullmatch(name))


def by_name(repo: Repo) -> Splits | None:
    """The files of each split by their names alone, as the datasets library finds them; None where a file tells no split."""
    found: dict[str, list[str]] = {}
    for name in data_files(repo):
        sharded = _SHARDED.fullmatch(name)
        split = sharded[1] if sharded else next((split for split, words in _WORDS if words.search(name)), None)
        if split is None:
            return None
        found.setdefault(split, []).append(name)
    return {split: tuple(names) for split, names in found.items()} or None


def infos(card: Card) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The parts of ``dataset_info``: pointer, configuration, content."""
    value = card.front_matter.metadata.get("dataset_info")
    several = isinstance(value, list)
    for index, info in enumerate(value[:200] if isinstance(value, list) else [value]):
        if isinstance(info, dict):
            name = info.get("config_name", "default")
            yield (
                f"/metadata/dataset_info/{index}" if several else "/metadata/dataset_info",
                name if isinstance(name, str) else "default",
                info,
            )
