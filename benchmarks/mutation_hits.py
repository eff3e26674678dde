"""The start file (`sitecustomize`) of every Python process that `benchmarks/mutation.py` runs: notes which functions each test touches."""

from __future__ import annotations

import json
import os
from pathlib import Path


def watch() -> None:
    """Have mutmut's trampolines write down each function once a test; the test is known by pytest's variable, in its children too."""
    from mutmut.mutation import trampoline

    seen: set[tuple[str, str]] = set()

    def note(function: str, caller: str | None = None) -> None:  # noqa: ARG001 (mutmut's signature)
        current = os.environ.get("PYTEST_CURRENT_TEST", "")
        if (current, function) not in seen:
            seen.add((current, function))
            test, _, phase = current.rpartition(" (")
            with Path(os.environ["MUTATION_NOTES"]).open("a", encoding="utf-8") as notes:
                notes.write(json.dumps({"function": function, "test": test, "collected": phase == "collect)"}) + "\n")

    trampoline.record_trampoline_hit = note


if os.environ.get("MUTANT_UNDER_TEST") == "stats":
    watch()
