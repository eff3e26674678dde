"""cardlint: linter, upload gate and auditor for hubs of model weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["CardRefused", "check_card", "check_path", "check_text", "lint_before_push", "read_card"]

if TYPE_CHECKING:
    from cardlint.api import CardRefused, check_card, check_path, check_text, lint_before_push, read_card


def __getattr__(name: str) -> Any:
    """The API's functions, imported when they are first asked for."""
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    return getattr(import_module("cardlint.api"), name)
