"""Files that nobody who uses the repository has a use for: what a desktop left beside the work, what a training needs to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.art_files import TOP
from cardlint.checks.art_weights import size
from cardlint.model import Problem
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo

_DESKTOP = Pattern(
    r"(?:.*/)?(?:\.DS_Store|\._[^/]+|Thumbs\.db|desktop\.ini|\.[^/]+\.sw[po]|(?:__MACOSX|\.ipynb_checkpoints|__pycache__)/.+)"
)
_STATE = Pattern(r"(?:.*/)?(?:optimizer\.(?:pt|pth|bin)|[^/]*_optim_states\.pt)")
_GOES_ON = Pattern(
    r"(?i)\boptimi[sz]er[ _-]?states?\b|\bresum(?:e|es|ed|ing)\b|\bcontinu\w{1,5} (?:\w{1,20} ){0,2}train"
    r"|\bcheckpoints (?:\w{1,20} ){0,3}(?:training|steps?|epochs?)\b"
)
_MOST_FILES = 20_000
_SHOWN = 2


def leftovers(repo: Repo) -> Iterator[Problem]:
    """Files that an operating system, a notebook or an interpreter makes for itself."""
    found = [file.path for file in repo.files[:_MOST_FILES] if _DESKTOP.fullmatch(file.path)]
    if found:
        are = "is" if len(found) == 1 else "are"
        yield Problem(TOP, f"{_named(found)} {are} left over from its author's desktop, editor or interpreter", value=found[0])


def training_state(card: Card, repo: Repo) -> Iterator[Problem]:
    """The state of an optimizer, where the card does not speak of a training that may go on from it."""
    found = [file.path for file in repo.files[:_MOST_FILES] if _STATE.fullmatch(file.path)]
    if not found or _GOES_ON.search(card.text):
        return
    sizes = [known for path in found if (known := repo.size(path)) is not None and known > 0]
    large = f" ({size(sum(sizes))})" if len(sizes) == len(found) else ""
    hold = "holds" if len(found) == 1 else "hold"
    yield Problem(TOP, f"{_named(found)} {hold} the state of an optimizer{large}, and the card does not say what for", value=found[0])


def _named(paths: Sequence[str]) -> str:
    shown = ", ".join(f"'{path}'" for path in paths[:_SHOWN])
    return shown + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")
