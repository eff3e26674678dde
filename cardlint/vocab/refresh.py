"""Rebuild ``schemas/vocab/*.json``: ``python -m cardlint.vocab.refresh`` with the sources that are at hand.

``--facts DIR``: compute the derived keys anew from the collected facts; the curated ones (``_meta.curated``) are kept. A
file that came from a later release (``_meta.release``) stays as it is, unless a release is given as well.
``--tasks-package FILE.tgz``: take tasks and libraries from a release (``npm pack @huggingface/tasks``).
``--transformers FILE.whl``: add the architectures and model types of a release (``pip download --no-deps transformers``).
``--spdx``: take SPDX ids from the installed license-expression.
Without any of them the files are only brought to their canonical text and sealed: what to do after editing a curated
part by hand. ``--check`` writes nothing and exits 1 where a file differs from what would be written.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple
from cardlint.vocab import derive, transformers, upstream
from cardlint.vocab.sealed import sealed, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_FROM_PACKAGE = {"pipeline_tags": upstream.pipeline_tags, "libraries": upstream.libraries, "dataset_fields": upstream.dataset_fields}


class Sources(NamedTuple):
    """Where to refresh from; None and False: keep what stands. ``date`` goes into the files that were derived anew."""

    facts: Mapping[str, Any] | None = None
    package: upstream.Package | None = None
    transformers: transformers.Release | None = None
    spdx: bool = False
    date: str | None = None


def read_facts(folder: Path) -> dict[str, Any]:
    """Every ``*.json`` of the folder by its stem; `CardlintError` where a needed one is missing."""
    facts = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
    missing = sorted(derive.FACTS - facts.keys())
    if missing:
        msg = f"{folder} lacks {', '.join(f'{name}.json' for name in missing)}"
        raise CardlintError(msg)
    return facts


def rebuilt(name: str, now: dict[str, Any], sources: Sources) -> dict[str, Any]:
    """The vocabulary as it ought to stand, from its present content and the sources."""
    made, meta = now, dict(now["_meta"])
    newest = sources.transformers if name == "architectures" else sources.package
    if sources.facts is not None and (newest is not None or "release" not in meta):
        kept = {key: now[key] for key in meta["curated"]}
        made = {**derive.DERIVED[name](derive.Source(sources.facts, now)), **kept}
        meta.pop("release", None)
    if sources.package is not None and name in _FROM_PACKAGE:
        newer = _FROM_PACKAGE[name](made, sources.package)
        if newer != made:
            made, meta["release"] = newer, f"@huggingface/tasks {sources.package.version}"
    if sources.transformers is not None and name == "architectures":
        made, meta["release"] = transformers.architectures(made, sources.transformers), f"transformers {sources.transformers.version}"
    if sources.spdx and name == "licenses":
        made = upstream.licenses(made)
    if sources.date and {**made, "_meta": None} != {**now, "_meta": None}:
        meta["date"] = sources.date
    return sealed({**made, "_meta": meta})


def stale(folder: Path, sources: Sources) -> Iterator[tuple[Path, str, list[str]]]:
    """Each file whose text is not what it ought to be, with the right text and the ids that it would lose."""
    for name in derive.DERIVED:
        path = folder / f"{name}.json"
        present = path.read_text(encoding="utf-8")
        now = json.loads(present)
        right = rebuilt(name, now, sources)
        if present != text(right):
            yield path, text(right), sorted(set(now.get("ids", ())) - set(right.get("ids", ())))


def _sources(options: argparse.Namespace) -> Sources:
    facts = read_facts(options.facts) if options.facts else None
    package = upstream.read_package(options.tasks_package) if options.tasks_package else None
    release = transformers.read_wheel(options.transformers) if options.transformers else None
    return Sources(facts, package, release, options.spdx, options.date)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code: 1 where ``--check`` finds a stale file, 2 where a source cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m cardlint.vocab.refresh", description="Rebuild the vocabularies.")
    parser.add_argument("--facts", type=Path, metavar="DIR", help="folder of the collected facts")
    parser.add_argument("--tasks-package", type=Path, metavar="FILE", help="tarball of the npm package @huggingface/tasks")
    parser.add_argument("--transformers", type=Path, metavar="FILE", help="wheel of transformers")
    parser.add_argument("--spdx", action="store_true", help="take SPDX ids from the installed license-expression")
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="date to put into the files whose content changes")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file would change")
    options = parser.parse_args(arguments)
    folder = Path(str(data.folder("schemas"))) / "vocab"
    try:
        found = list(stale(folder, _sources(options)))
    except CardlintError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for path, right, lost in found:
        if not options.check:
            path.write_text(right, encoding="utf-8")
        sys.stderr.write(f"{'stale' if options.check else 'written'}: {path.name}{_loss(lost)}\n")
    return 1 if options.check and found else 0


def _loss(lost: list[str]) -> str:
    return f" without {', '.join(lost)}: give a successor in 'retired' or 'spellings'" if lost else ""


if __name__ == "__main__":
    sys.exit(main())
