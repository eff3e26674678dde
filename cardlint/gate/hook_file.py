"""The hook file of a git repository that calls the gate: written, replaced, and never put over somebody else's."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING

from cardlint.model import CardlintError
from cardlint.sources import git

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MARK = "# written by 'cardlint gate git --update-hook'; that command replaces it\n"


def update_hook(repository: Path, arguments: Sequence[str]) -> Path:
    """Write ``hooks/pre-receive`` of a repository, or replace the one that was written before; the file's path.

    Raises CardlintError where there is no repository, or a hook of somebody else.
    """
    place = git.locate(repository) if repository.is_dir() else None
    if place is None:
        raise CardlintError(f"{repository}: no git repository")
    file = (repository if place.bare or not (repository / ".git").is_dir() else repository / ".git") / "hooks" / "pre-receive"
    call = shlex.join([sys.executable, "-I", "-m", "cardlint", "gate", "git", *arguments])
    text = f"#!/bin/sh\n{_MARK}exec {call}\n"
    try:
        if file.exists() and _MARK not in file.read_text(encoding="utf-8", errors="replace"):
            raise CardlintError(f"{file}: another hook is there; let it call this, with its own standard input:\n{call}")
        file.parent.mkdir(exist_ok=True)
        new = file.with_name(f".pre-receive.{os.getpid()}")
        new.write_text(text, encoding="utf-8")
        new.chmod(0o755)
        new.replace(file)
    except OSError as error:
        raise CardlintError(f"{file}: {error.strerror}") from None
    return file
