"""Paths of uploads: which are refused before anything is read, and which only look like the card's."""

from __future__ import annotations

import unicodedata

CARD = "README.md"
_LONGEST = 4096
_RESERVED = frozenset({"", ".", ".."})


def fault(path: str, *, folder: bool = False) -> str | None:
    """What is wrong with a path inside a repository, None where nothing is: every reader must take it for the same file.

    A folder's path may end in a slash; an empty one is the root and is refused.
    """
    if folder:
        path = path.removesuffix("/")
    if not path or len(path) > _LONGEST:
        return "it is empty" if not path else f"it has more than {_LONGEST:,} characters"
    if any(character < " " or character == "\x7f" for character in path):
        return "it holds control characters"
    if "\\" in path:
        return "it holds a backslash"
    try:
        path.encode()
    except UnicodeEncodeError:
        return "it is no text"
    steps = path.split("/")
    if _RESERVED & set(steps):
        return "it has an empty step, '.' or '..'"
    if any(_bare(step) == ".git" for step in steps):
        return "it lies in git's own folder"
    return None


def resembles_card(path: str) -> bool:
    """Whether a path is not the card's and yet some reader may take it for the card: other case, other Unicode, blanks or dots behind."""
    return path != CARD and _bare(path.replace("\\", "/").removeprefix("./").lstrip("/")) == CARD.lower()


def _bare(path: str) -> str:
    """A path as the most lenient of file systems would compare it."""
    visible = "".join(character for character in unicodedata.normalize("NFKC", path) if unicodedata.category(character) not in ("Cf", "Cc"))
    return visible.casefold().rstrip(" .").lstrip(" ")
