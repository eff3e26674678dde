"""Where reports go: a stream, or files named as FORMAT=FILE."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, TextIO

from cardlint.model import CardlintError
from cardlint.report.writer import FORMATS, Writer, writer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack


def on_stream(format_name: str, out: TextIO, color: str = "never") -> Writer:
    """The writer of a format on a standard stream; ``color`` is auto, always or never."""
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(errors="backslashreplace")  # file names need not be UTF-8
    colored = _colored(color, out)
    return writer(format_name, out, color=colored, links=colored and out.isatty())


def into_file(option: str, given: str, stack: ExitStack, read: Sequence[str] = ()) -> Writer:
    """The writer of FORMAT=FILE; ``option`` is what a refusal calls it, ``read`` what the run reads. Raises CardlintError."""
    name, _, path = given.partition("=")
    if name not in FORMATS or not path:
        from difflib import get_close_matches

        near = get_close_matches(name, FORMATS, n=1)
        hint = f"; did you mean {near[0]}={path or 'FILE'}?" if near else f"; formats are {', '.join(FORMATS)}"
        raise CardlintError(f"{option} {given!r}: FORMAT=FILE is wanted{hint}")
    from pathlib import Path

    if Path(path).name == "README.md" or any(_same(path, each) for each in read):
        raise CardlintError(f"{option} {given!r}: the report would take the place of what is read; name another file")
    newline = "" if name == "csv" else None  # the module that writes it ends its lines
    try:
        return writer(name, stack.enter_context(Path(path).open("w", encoding="utf-8", errors="backslashreplace", newline=newline)))
    except OSError as error:
        raise CardlintError(f"{option} {given!r}: {error.strerror}") from None


def _same(one: str, other: str) -> bool:
    from pathlib import Path

    return other != "-" and Path(one).exists() and Path(other).exists() and Path(one).samefile(other)


def _colored(choice: str, out: TextIO) -> bool:
    """Whether to colour: the option, then NO_COLOR and FORCE_COLOR, then whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or out.isatty()
