"""Files that are never read: links that lead out of the repository, pipes, devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.art_files import TOP
from cardlint.checks.places import listed, quoted
from cardlint.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.repo.repo import Repo

_MOST = 1_000
"""Files without a size that are looked at."""


def refused(repo: Repo) -> Iterator[Problem]:
    """Listed files that stand for nothing inside the repository; one problem a repository."""
    unsized = [file.path for file in repo.files if file.size is None][:_MOST]
    lost = {path: reason for path in unsized if (reason := repo.refused(path)) is not None}
    if lost:
        path, reason = next(iter(lost.items()))
        more = f"; so are {listed([quoted(each) for each in list(lost)[1:]])}" if len(lost) > 1 else ""
        yield Problem(TOP, f"{quoted(path)} is not read: {reason}{more}", value=" ".join(list(lost)[:20]))
