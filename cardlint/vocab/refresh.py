"""Rebuild ``schemas/vocab/*.json``: ``python -m cardlint.vocab.refresh [--facts DIR] [--check]``.

With ``--facts`` the derived keys are computed anew from the folder's JSON files and the curated ones (``_meta.curated``)
kept; without it the files are only brought to their canonical text and sealed, which is what to do after editing a
curated part by hand. ``--check`` writes nothing and exits 1 where a file differs from what would be written.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.vocab import derive
from cardlint.vocab.sealed import sealed, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def read_facts(folder: Path) -> dict[str, Any]:
    """Every ``*.json`` of the folder by its stem."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def rebuilt(name: str, now: dict[str, Any], facts: Mapping[str, Any] | None) -> dict[str, Any]:
    """The vocabulary as it ought to stand, from its present content and, where given, the facts."""
    if facts is None:
        return sealed(now)
    meta = now["_meta"]
    kept = {key: now[key] for key in meta["curated"]}
    return sealed({**derive.DERIVED[name](derive.Source(facts, now)), **kept, "_meta": meta})


def stale(folder: Path, facts: Mapping[str, Any] | None) -> Iterator[tuple[Path, str]]:
    """Each file whose text is not what it ought to be, with the right text."""
    for name in derive.DERIVED:
        path = folder / f"{name}.json"
        present = path.read_text(encoding="utf-8")
        right = text(rebuilt(name, json.loads(present), facts))
        if present != right:
            yield path, right


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m cardlint.vocab.refresh", description="Rebuild the vocabularies.")
    parser.add_argument("--facts", type=Path, metavar="DIR", help="folder of the collected facts; without it only seal")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file would change")
    options = parser.parse_args(arguments)
    folder = Path(str(data.folder("schemas"))) / "vocab"
    found = list(stale(folder, read_facts(options.facts) if options.facts else None))
    for path, right in found:
        if not options.check:
            path.write_text(right, encoding="utf-8")
        sys.stderr.write(f"{'stale' if options.check else 'written'}: {path.name}\n")
    return 1 if options.check and found else 0


if __name__ == "__main__":
    sys.exit(main())
