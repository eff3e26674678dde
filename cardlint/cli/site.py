"""``cardlint site``: the results of an audit as pages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardlint.cli.helping import Command
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@click.command(cls=Command, examples=("cardlint site results --out pages --earlier results-2026-09",))
@click.argument("audit", metavar="AUDIT_DIR")
@click.option("--out", "out", required=True, metavar="DIR", help="Where the pages are written; an earlier site there is replaced.")
@click.option("--earlier", multiple=True, metavar="AUDIT_DIR", help="An earlier audit for the trend; give the oldest first.")
def site(audit: str, out: str, earlier: tuple[str, ...]) -> None:
    """Write the results of 'cardlint audit' as pages that open from disk: index.html in DIR asks no network.

    Overview, repositories with search and filters, rules, owners and lineage; the same results give the same bytes.
    """
    pages = pages_for(out, earlier)
    if pages:
        pages(Path(audit))


def pages_for(out: str | None, earlier: Sequence[str], *, quiet: bool = False) -> Callable[[Path], None] | None:
    """What writes the pages of an audit's folder into ``out``, None where none are asked for.

    Raises CardlintError at once where that cannot work: a package is missing, ``out`` holds something else, an earlier audit is none.
    """
    if out is None:
        if earlier:
            raise CardlintError("--earlier is for pages: give --site DIR too")
        return None
    try:
        from cardlint.site.static import check_before, write_site
    except ModuleNotFoundError as error:
        raise missing(error, "site") from None
    folder, before = Path(out), [Path(each) for each in earlier]
    check_before(folder, before)

    def pages(audit: Path) -> None:
        try:
            count = write_site(audit, folder, before)
        except OSError as error:
            raise CardlintError(f"{out}: {error.strerror or error}") from None
        if not quiet:
            sys.stdout.write(f"{count:,} repositories as pages; open {folder / 'index.html'}\n")

    return pages


def missing(error: ModuleNotFoundError, extra: str) -> Exception:
    """What to say where a package of an extra is missing; the error itself where it is another one."""
    name = (error.name or "").partition(".")[0]
    if name not in ("duckdb", "pyarrow", "pygal", "aiohttp"):
        return error
    return CardlintError(f"the pages need {name}: pip install 'cardlint[{extra}]'")
