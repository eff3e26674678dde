"""What a process leaves behind when an item kills it: a note that names the item, read by whoever takes the task up again.

A note is a file of lines: ``start`` for every attempt, then the number of each item before it is begun, ``-`` between items
and the rest of the work. A first attempt may take the items together, for that is faster; the next ones name each.
Where an item takes too long, an alarm ends the process, and the handler of `faulthandler`, which needs no lock of the
interpreter, writes where it hung behind the item's line. So a card that hangs in C code, a crash and a kill by the system are
all told apart from outside, on one machine or on many that share a folder.
"""

from __future__ import annotations

import faulthandler
import os
import signal
from typing import TYPE_CHECKING, Self

from cardlint.model import OUT_OF_MEMORY

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

DEATHS = 2
"""An item in whose reading a process died so often is lost; once may be chance: somebody killed the process, or memory was short."""
_BETWEEN = 3
"""Deaths between items that a task may see; no item can be blamed for them."""
_MOST_READ = 4_000_000
_PATIENCE = 10
"""So many times the limit may pass by the wall's clock: other work on the machine, or a slow disk, is no fault of a card."""
_CLOCKS = ((signal.ITIMER_PROF, signal.SIGPROF, 1), (signal.ITIMER_REAL, signal.SIGALRM, _PATIENCE)) if hasattr(signal, "setitimer") else ()
"""Timers, their signals, and how many limits they allow: the processor's time is what counts."""


class Note:
    """The note of one task, used as a context: it is written while the task runs and removed when it is done."""

    def __init__(self, path: Path, limit: float) -> None:
        self.path = path
        self.limit = limit
        self.lost: dict[int, str] = {}
        """Items that are not to be tried again, with the reason."""
        self.again = False
        """Whether an earlier attempt died."""
        self._handle = -1

    def __enter__(self) -> Self:
        self.lost, between = _read(self.path, self.limit)
        if between >= _BETWEEN:
            msg = f"the process died {between} times outside of any card"
            raise RuntimeError(msg)
        self.again = self.path.exists()
        self._handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        os.write(self._handle, b"start\n")
        for _, number, _ in _CLOCKS:
            faulthandler.register(number, file=self._handle, chain=True)
        return self

    def at(self, number: int) -> None:
        """Item ``number`` begins; its time runs."""
        os.write(self._handle, b"%d\n" % number)
        self._run()

    def together(self) -> None:
        """Items begin together; the time of one runs for all of them. No item is blamed for a death here."""
        os.write(self._handle, b"-\n")
        self._run()

    def _run(self) -> None:
        for timer, _, times in _CLOCKS:
            signal.setitimer(timer, self.limit * times)

    def leave(self) -> None:
        """End the process, whose memory the item used up: what is freed may not serve others. The task is taken up without it."""
        os.write(self._handle, b"memory\n")
        os._exit(1)

    def between(self) -> None:
        """No item is in work."""
        self._stop()
        os.write(self._handle, b"-\n")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()
        for _, number, _ in _CLOCKS:
            faulthandler.unregister(number)
        os.close(self._handle)
        self.path.unlink(missing_ok=True)

    def _stop(self) -> None:
        for timer, _, _ in _CLOCKS:
            signal.setitimer(timer, 0)


def _read(path: Path, limit: float) -> tuple[dict[int, str], int]:
    """What earlier attempts tell: items that are lost and why, and how often a process died at no item."""
    try:
        with path.open("rb") as stream:
            lines = stream.read(_MOST_READ).splitlines()
    except OSError:
        return {}, 0
    lost: dict[int, str] = {}
    deaths: dict[int, int] = {}
    between = 0
    number: int | None = None
    hung = False
    for line in (*lines[1:], b"start"):  # every attempt but the one that begins now ended in a death
        if line == b"start":
            if number is None:
                between += 1
            elif number in lost:
                pass
            elif hung:
                lost[number] = f"took longer than {limit:g} s"
            else:
                deaths[number] = deaths.get(number, 0) + 1
                if deaths[number] >= DEATHS:
                    lost[number] = "the process that read this card died"
            number, hung = None, False
        elif line == b"-":
            number = None
        elif line == b"memory" and number is not None:
            lost[number] = OUT_OF_MEMORY
        elif line.isdigit():
            number = int(line)
        else:
            hung = True
    return lost, between
