"""Work in a process of its own, whose memory ends with it: what a database held would stay with the process that leads."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, TypeVar

from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_CHILD = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from cardlint.audit.apart import serve; serve()"
"""It imports from where this process does. ``-P``: the folder it is started in, which may be a stranger's, is no such place."""


def apart(work: Callable[[], T]) -> T:
    """What ``work`` returns, done in a new process; it is pickled, and so is what it returns or raises.

    Raises CardlintError where that process was killed.
    """
    command = [sys.executable, "-P", "-c", _CHILD, json.dumps(sys.path)]
    done = subprocess.run(command, input=pickle.dumps(work), stdout=subprocess.PIPE, check=False)  # noqa: S603  # our own
    if done.returncode:
        raise CardlintError(f"the process that works on all results at once ended with {done.returncode}; is there too little memory?")
    returned, value = pickle.loads(done.stdout)  # noqa: S301  # our own
    if not returned:
        raise value
    found: T = value
    return found


def serve() -> None:
    """The life of the new process. Ctrl-C is for the one that started it, which ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # whatever prints disturbs no answer
        try:
            answer = True, pickle.loads(sys.stdin.buffer.read())()  # noqa: S301
        except Exception as error:  # noqa: BLE001  # the other process raises it
            answer = False, error
        out.write(pickle.dumps(answer))
