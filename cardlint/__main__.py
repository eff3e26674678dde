"""``python -m cardlint`` and ``cardlint``: the process of the command line, from its first import to its end."""

import gc
import os
import sys

_THRESHOLD = 50_000
"""New objects until the collector looks for garbage: what a start makes stays, and to look through it takes a tenth of the start."""


def _hide_current_folder() -> None:
    """The folder it is called in is no place to import from: it may be a stranger's repository."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120  # before any other import
    sys.path[:] = [place for place in sys.path if os.path.abspath(place) != os.getcwd() or os.path.abspath(place) == here]  # noqa: PTH100, PTH109


def run() -> None:
    """Run the command line and end the process."""
    gc.set_threshold(_THRESHOLD)
    from cardlint.cli.main import main

    try:
        main()
    except SystemExit as end:
        _keep_patterns()
        _end(end.code)


def _keep_patterns() -> None:
    """What this run compiled, for the next one; a run that compiled nothing has not even loaded the store."""
    compiled = sys.modules.get("cardlint.compiled")
    if compiled is not None:
        compiled.STORE.keep()


def _end(code: object) -> None:
    """Leave with an exit code. Where nothing waits for the end, no object is freed one by one: that takes a tenth of a check."""
    import atexit
    import threading

    if atexit._ncallbacks() or threading.active_count() > 1 or not isinstance(code, int):  # no public way to ask
        sys.exit(code)  # type: ignore[arg-type]
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _hide_current_folder()
    run()
