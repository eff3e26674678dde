"""What checks of artifacts share: why nothing follows, what the card calls this repository, files that count as weights."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cardlint.model import NotChecked
from cardlint.repo.pointer import MAX_POINTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.repo.answer import Answer
    from cardlint.repo.repo import Repo

TOP = "/front_matter"
"""Where a fault of the whole repository stands: the end of the front matter, else the first line."""

_WHY = {"not-here": "is not in this copy", "unreadable": "could not be read"}
_PARTS = re.compile(r"(?i).+\.(?:part[-_.]?\w{1,8}|[a-z0-9]+\.\d{2,5}|z\d\d|rar|7z|tar|tgz|gz|xz|zst|bz2|z?ip)$|.*model\w*\.\w*zip$")
_LARGE = 5_000_000
"""Bytes from which a file of a kind that is not known may be weights."""
_MOST_FILES = 5_000
"""Files that are looked at, as small ones may be pointers, which are opened."""
_NO_WEIGHTS = re.compile(
    r"(?i)(?:.*/)?(?:\.[^/]*|licen[sc]e[^/]*|notice|dockerfile|makefile|readme|requirements|[^/]+\.(?:png|jpe?g|gif|webp|svg|pdf|mp4|mov|avi|wav|mp3|flac|ogg"
    r"|ipynb|csv|tsv|jsonl?|txt|md|parquet|arrow|html?|py|pyc|sh|js|ts|css|c|cc|cpp|cu|h|hpp|ya?ml|toml|cfg|ini|gin|log|docx?|pptx?|xlsx?|model|v2|vocab|spm"
    r"|tiktoken|jinja|ttf|otf|whl))"
)


def unread(*answers: Answer[Any]) -> Iterator[NotChecked]:
    """Why nothing follows from files that are listed: the first that is not here or could not be read."""
    for answer in answers:
        if answer.state in _WHY:
            yield NotChecked(f"{answer.path} {_WHY[answer.state]}")
            return


def has_weights(repo: Repo) -> bool:
    """Whether the repository holds weights, or an archive or a large file of a kind that is not known, which may be some.

    A file of such a kind whose size nobody knows counts too.
    """
    if any(file.role in ("weights", "component", "archive") for file in repo.weights.files):
        return True
    for file in repo.files[:_MOST_FILES]:
        if _PARTS.fullmatch(file.path):
            return True
        if not _NO_WEIGHTS.fullmatch(file.path):
            size = file.size if file.size is not None and file.size > MAX_POINTER else repo.size(file.path)
            if size is None or size > _LARGE:
                return True
    return len(repo.files) > _MOST_FILES


def only_card(repo: Repo) -> bool:
    """Whether nothing of a model stands beside the card: no weights, no configuration, no data."""
    return not any(
        name.endswith((".json", ".yaml", ".yml", ".cfg", ".py", ".model", ".vocab")) or "/" in name for name in repo.names
    ) and not has_weights(repo)
