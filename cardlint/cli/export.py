"""``cardlint export``: cards as documents of other standards."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.arguments import entries, none_found
from cardlint.cli.helping import Command
from cardlint.cli.options import Words, source_options
from cardlint.export.formats import FORMATS, Exporter
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.export.given import Given
    from cardlint.export.inventory import Inventory

_NEEDED = frozenset({"/claims", "/metadata", "/declared"})
_FOLDERS = {"model": "models", "dataset": "datasets", "space": "spaces"}


@click.command(
    cls=Command,
    examples=(
        "cardlint export path/to/repo --to cyclonedx",
        "cardlint export mirror --to spdx3 --out boms/",
    ),
)
@click.argument("paths", nargs=-1, metavar="[PATH…|AUDIT|-]")
@click.option("--to", "name", type=Words(tuple(FORMATS)), required=True, help=f"One of {', '.join(FORMATS)}.")
@click.option("--out", metavar="FILE|DIR", help="Where to write; a folder (DIR/ or one that is there) for several repositories.")
@source_options
@click.option("--created", metavar="TIME", help="The documents' time; SOURCE_DATE_EPOCH, else 1970: same card, same bytes.")
@click.option("--hub-url", metavar="URL", help="The hub where the repositories stand: gives their addresses.")
@click.option("--supplier", metavar="NAME", help="Who supplies them.")
@click.option("--package-version", metavar="TEXT", help="Their version; the revision where it is known.")
@click.option("--released", metavar="TIME", help="When they were released.")
@click.pass_context
def export(ctx: click.Context, /, paths: tuple[str, ...], name: str, out: str | None, **options: Any) -> None:
    """Write SPDX, CycloneDX, Croissant or the Model Documentation Form from what cards say, and nothing that they do not say.

    PATH is a card, a repository, a mirror, or the results of an audit (then passages are cited, not quoted).
    """
    from cardlint.report.plain import counted

    exporter = Exporter(name, _given(options))
    sink = _Sink(out, exporter)
    seen = passed = failed = 0
    wants: dict[str, int] = {}
    for known in _inventories(paths, options):
        seen += 1
        if known is None:
            failed += 1
        elif not exporter.describes(known):
            passed += 1
        else:
            sink.write(known, exporter.document(known))
            for each in exporter.shortfalls(known):
                wants[each] = wants.get(each, 0) + 1
    sink.end()
    if passed:
        sys.stderr.write(
            f"cardlint: {name} does not describe {passed:,} of {seen:,} repositories (it knows {', '.join(exporter.format.kinds)})\n"
        )
    for each, number in sorted(wants.items()):
        sys.stderr.write(f"cardlint: {name}: {each} is demanded and not stated in {number:,} of {sink.written:,} documents\n")
    if out and sink.written:
        sys.stderr.write(f"cardlint: {counted(sink.written, 'document')} in {out}\n")
    if not seen:
        sys.stderr.write(none_found(paths, options["files_from"]))
    ctx.exit(4 if failed else 0 if sink.written else 3)


def _given(options: dict[str, Any]) -> Given:
    from cardlint.export.given import Given, hub_address, moment

    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    created = moment(options["created"], "--created") if options["created"] else moment(epoch, "SOURCE_DATE_EPOCH") if epoch else None
    released = moment(options["released"], "--released") if options["released"] else None
    hub = hub_address(options["hub_url"]) if options["hub_url"] else None
    given = Given(hub_url=hub, supplier=options["supplier"], version=options["package_version"], released=released)
    return given._replace(created=created) if created else given


def _inventories(paths: tuple[str, ...], options: dict[str, Any]) -> Iterator[Inventory | None]:
    """What is known of each repository that has a card; None where it cannot be read."""
    from cardlint.export.inventory import inventory

    audits = [path for path in paths if (Path(path) / "run.json").is_file()]
    if audits and len(audits) < len(paths):
        raise CardlintError(f"{audits[0]} is an audit: export audits and cards one after the other")
    if not audits:
        yield from _from_cards(paths, options)
        return
    try:
        from cardlint.audit.documents import documents
    except ModuleNotFoundError:
        raise CardlintError("reading an audit needs packages: pip install 'cardlint[audit]'") from None
    for path in audits:
        for facts, cut in documents(Path(path)):
            if _NEEDED.intersection(cut):
                sys.stderr.write(f"cardlint: {facts['input']}: the audit kept no {', '.join(cut)}; export it from the mirror\n")
                yield None
            else:
                yield inventory(facts)


def _from_cards(paths: tuple[str, ...], options: dict[str, Any]) -> Iterator[Inventory | None]:
    from cardlint.export.inventory import inventory
    from cardlint.facts.subject import Subject
    from cardlint.repo.repo import MAX_TEXT

    for entry in entries(paths, options):
        try:
            subject = Subject(entry, options["kind"])
        except OSError as error:
            sys.stderr.write(f"cardlint: {entry.input}: cannot be read: {error.strerror or error}\n")
            yield None
            continue
        if not subject.has_card:
            continue
        repo = subject.repo

        def read(path: str, repo: Any = repo) -> str | None:
            found = repo.whole(path, MAX_TEXT).value if repo is not None else None
            return found.decode("utf-8", "replace") if found is not None else None

        facts = subject.facts.whole()
        yield inventory(facts, subject.card.text, read, entry.revision)
        subject.release()


class _Sink:
    """Standard output or a file for one document, a folder for more, each written whole; one alone waits until no other comes."""

    def __init__(self, out: str | None, exporter: Exporter) -> None:
        self.suffix = exporter.format.suffix
        self.folder = Path(out) if out and (out.endswith("/") or Path(out).is_dir()) else None
        self.file = Path(out) if out and self.folder is None else None
        self.written = 0
        self._taken: set[int] = set()
        self._alone = ""

    def write(self, known: Inventory, text: str) -> None:
        """Write one document. Raises CardlintError for a second one without a folder."""
        self.written += 1
        if self.folder is not None:
            self._put(self._path(known), text)
        elif self.written > 1:
            raise CardlintError("there are several repositories: give --out DIR/ for a document each")
        else:
            self._alone = text

    def end(self) -> None:
        """Write the document that was the only one."""
        if self.file is not None and self._alone:
            self._put(self.file, self._alone)
        else:
            sys.stdout.write(self._alone)

    @staticmethod
    def _put(path: Path, text: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CardlintError(f"{path}: {error.strerror or error}") from None

    def _path(self, known: Inventory) -> Path:
        """A path inside the folder that no other document of this run has, whatever the id holds."""
        parts = [re.sub(r"[^A-Za-z0-9._-]+", "-", part).lstrip(".-")[:120] or "x" for part in known.name.split("/")[:2]]
        place = Path(_FOLDERS[known.kind], *parts)
        number, tried = 1, place
        while hash(str(tried).lower()) in self._taken:
            number += 1
            tried = place.with_name(f"{place.name}-{number}")
        self._taken.add(hash(str(tried).lower()))
        assert self.folder is not None  # noqa: S101  # the caller asked
        return self.folder / tried.with_name(tried.name + self.suffix)
