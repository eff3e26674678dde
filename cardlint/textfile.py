"""Text files that a user names: read whole, or refused in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.model import CardlintError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path


def read_text(path: str | Path | Traversable, errors: str = "strict") -> str:
    """The text of a file in UTF-8, without a byte order mark. Raises CardlintError, which names the file, where it cannot be read."""
    try:
        with (
            open(path, encoding="utf-8", errors=errors)  # noqa: PTH123  # what pathlib takes to load is a fiftieth of a first check
            if isinstance(path, str)
            else path.open(encoding="utf-8", errors=errors)
        ) as stream:
            return stream.read().removeprefix("\ufeff")
    except OSError as error:
        raise CardlintError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise CardlintError(f"{path}: not UTF-8 (byte {error.start}): save it as UTF-8") from None
