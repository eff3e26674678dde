"""Names of repositories: what is an id and what a path, and which ids mean the same repository."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from cardlint.data import vocabulary
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from cardlint.model import Kind

_ID = Pattern(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
_OLD_ID = Pattern(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_NAME = Pattern(r"[A-Za-z0-9][\w.-]{0,95}")
_PATH = Pattern(
    r"(?s)(?:[~.]{0,2}/|[A-Za-z]:[\\/]|.*\\|(?:models?|outputs?|checkpoints?|results?|runs?|data|content|workspace|root|home|tmp|mnt|hf_models|saved_models|weights|local_models)/).*|.*/$|[^/]*/[^/]*/.*"
)
_PAGE = Pattern(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:datasets/|spaces/)?([\w.-]+/[\w.-]+)/?")
_RENAMED = {"model": "models", "dataset": "datasets"}


def plain(value: str) -> str:
    """A name as an author writes it, without the hub's address before it."""
    page = _PAGE.fullmatch(value.strip())
    return page[1] if page else value.strip()


def is_id(value: str) -> bool:
    """Whether a value is an id of the hub, owner and name, and no path of somebody's machine."""
    return bool(_ID.fullmatch(value)) and not is_path(value)


def is_old_id(value: str) -> bool:
    """Whether a value is like an id of the hub's first years, which names no owner (``gpt2``)."""
    return bool(_OLD_ID.fullmatch(value)) and not is_path(value)


def is_path(value: str) -> bool:
    """Whether a value is a path."""
    return bool(_PATH.fullmatch(value))


def repo_id(value: str, kind: Kind = "model") -> str | None:
    """The id that a value means: ``owner/name``, or a name without an owner as a hub's first years had them; None for anything else."""
    name = plain(value)
    if is_id(name):
        return name
    if "/" in name or not _NAME.fullmatch(name):
        return None
    return name if kind == "dataset" or is_old_id(name) or name.lower() in _renames(kind) else None


@lru_cache(maxsize=65_536)
def key(kind: Kind, name: str) -> str:
    """What all spellings of a repository's id have in common: its kind, its present name, in small letters."""
    low = name.lower()
    return f"{kind}:{_renames(kind).get(low, low).lower()}"


def old_name(kind: Kind, name: str) -> bool:
    """Whether a name without an owner is known as a repository's of a hub's first years, whatever its case."""
    return name.lower() in _renames(kind)


def owner(name: str) -> str:
    """The owner in an id or a key, in small letters; empty where there is none."""
    head, slash, _ = name.rpartition(":")[2].partition("/")
    return head.lower() if slash else ""


def renamed(kind: Kind, name: str) -> str | None:
    """The present id of a repository that a hub named without an owner in its first years, None for any other name."""
    return _renames(kind).get(name.lower())


@cache
def _renames(kind: Kind) -> dict[str, str]:
    found: dict[str, str] = vocabulary("hub_renames").get(_RENAMED.get(kind, ""), {})
    return found
