"""``check --watch``: the same run again whenever a file changes."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint.model import CardlintError
from cardlint.sources.paths import SKIPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_FILES = 100_000
"""Files that are watched."""
_SECONDS = 0.5
_SHARE = 10
"""A look at the files that takes long is taken rarely: a tenth of the time at most is spent on looking."""
_NAMED = ("config_file", "waivers", "baseline", "files_from")
_CONFIGURATION = ("cardlint.toml", "pyproject.toml")

State = dict[str, tuple[int, int]]


def watch(run: Callable[[], int], paths: tuple[str, ...], options: dict[str, Any]) -> None:
    """Run, wait for a change, run again, until the user stops it. Raises CardlintError for what cannot be watched."""
    if "-" in paths or options["files_from"] == "-":
        raise CardlintError("--watch: standard input cannot be watched")
    places = [*(paths or (".",)), *options["rule_folders"], *_CONFIGURATION, *(options[name] for name in _NAMED if options.get(name))]
    first = True
    while True:
        before, pause = _look(places)
        _clear()
        try:
            run()
        except CardlintError as error:
            if first:
                raise
            sys.stderr.write(f"cardlint: {error}\n")
        first = False
        sys.stdout.flush()
        sys.stderr.write(f"cardlint: watching {len(before)} files, Ctrl-C ends it\n")
        sys.stderr.flush()
        while True:
            time.sleep(pause)
            now, pause = _look(places)
            if now != before:
                break


def _look(places: list[str]) -> tuple[State, float]:
    """Time and size of every file that matters, and how long to wait until the next look."""
    start = time.monotonic()
    state: State = {}
    for path in _files(places):
        try:
            status = os.stat(path)  # noqa: PTH116  # once a file and look
        except OSError:
            continue
        state[path] = (status.st_mtime_ns, status.st_size)
        if len(state) >= MOST_FILES:
            break
    return state, max(_SECONDS, _SHARE * (time.monotonic() - start))


def _files(places: list[str]) -> Iterator[str]:
    for place in places:
        if not Path(place).is_dir():
            yield place
            continue
        for folder, folders, files in os.walk(place):
            folders[:] = sorted(name for name in folders if name not in SKIPPED)
            yield from (os.path.join(folder, name) for name in files)  # noqa: PTH118  # as above


def _clear() -> None:
    """An empty screen, on a terminal."""
    if sys.stdout.isatty():
        sys.stdout.write("\x1b[2J\x1b[3J\x1b[H")
