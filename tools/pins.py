"""The versions that CI installs: those of this environment, for cardlint with all its extras and everything below them.

python tools/pins.py [--check]

Writes `.ci/constraints.txt`. Run it in a fresh environment in which the suite has passed; --check only tells whether every
requirement of pyproject.toml has a pin, so that a new dependency gets one.
"""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / ".ci" / "constraints.txt"
HEAD = "# What CI installs on Python 3.11 under Linux, written by tools/pins.py from an environment in which the suite passed.\n"


def required() -> list[Requirement]:
    """What pyproject.toml asks for, extras and build included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    asked += [each for extra in project["project"]["optional-dependencies"].values() for each in extra]
    found = [Requirement(each) for each in asked]
    return [each for each in found if each.name != "cardlint" and (each.marker is None or each.marker.evaluate())]


def pins() -> dict[str, str]:
    """The version of each of these here, and of all that they need."""
    found: dict[str, str] = {}
    seen = set()
    pending = required()
    while pending:
        each = pending.pop()
        key = (canonicalize_name(each.name), frozenset(each.extras))
        if key in seen:
            continue
        seen.add(key)
        here = distribution(each.name)
        found[key[0]] = here.version
        for text in here.requires or ():
            below = Requirement(text)
            if below.marker is None or any(below.marker.evaluate({"extra": extra}) for extra in ("", *each.extras)):
                pending.append(below)
    return found


def main() -> None:
    """Write the file, or tell what it lacks."""
    if "--check" in sys.argv:
        pinned = {line.partition("==")[0] for line in FILE.read_text(encoding="utf-8").splitlines()}
        lacking = sorted({canonicalize_name(each.name) for each in required()} - pinned)
        sys.exit(f".ci/constraints.txt has no pin for {', '.join(lacking)}; see tools/pins.py" if lacking else 0)
    FILE.write_text(HEAD + "".join(f"{name}=={version}\n" for name, version in sorted(pins().items())), encoding="utf-8")


if __name__ == "__main__":
    main()
