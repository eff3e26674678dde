"""Fuzz every target in turn, in slices, for so many minutes together: ``python -m fuzz.long --minutes 60`` (``make fuzz``).

Appends one JSON object a slice to the log. A target that broke goes on in its next slice without the input that broke it,
which stays under ``fuzz/found``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fuzz.run import HERE, TARGET_NAMES, run

SLICE = 120


def main() -> int:
    """Run the slices; 1 where a promise broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--slice", type=int, default=SLICE, help="seconds a target runs at a stretch")
    parser.add_argument("--corpus", type=Path, default=HERE / "corpus")
    parser.add_argument("--log", type=Path, default=HERE / "corpus" / "log.jsonl")
    given = parser.parse_args()
    given.log.parent.mkdir(parents=True, exist_ok=True)
    spent, broke = 0.0, 0
    while spent < given.minutes * 60:
        for target in TARGET_NAMES:
            figures = run(target, given.slice, given.corpus / target)
            spent += given.slice
            broke += len(figures["found"])
            with given.log.open("a") as log:
                log.write(json.dumps(figures) + "\n")
            print(json.dumps(figures), flush=True)
            if spent >= given.minutes * 60:
                break
    return 1 if broke else 0


if __name__ == "__main__":
    sys.exit(main())
