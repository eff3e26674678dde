"""Regular expressions that are compiled when they are first used: most cards need few of the hundreds there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Pattern:
    """A pattern of the ``re`` module; its methods are bound on first use and cost nothing more afterwards."""

    if TYPE_CHECKING:
        search: Callable[..., re.Match[str] | None]
        match: Callable[..., re.Match[str] | None]
        fullmatch: Callable[..., re.Match[str] | None]
        finditer: Callable[..., Iterator[re.Match[str]]]
        findall: Callable[..., list[Any]]
        split: Callable[..., list[str]]
        sub: Callable[..., str]

    def __init__(self, source: str, flags: int = 0) -> None:
        self.source = source
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        method = getattr(re.compile(self.source, self.flags), name)
        setattr(self, name, method)
        return method
