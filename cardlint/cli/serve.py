"""``cardlint serve``: the pages of an audit over HTTP."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cardlint.cli.site import missing


@click.command()
@click.argument("audit", metavar="AUDIT_DIR")
@click.option(
    "--host", metavar="HOST", default="127.0.0.1", show_default=True, help="Where to listen; the server asks nobody who they are."
)
@click.option("--port", default=8750, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("--earlier", multiple=True, metavar="AUDIT_DIR", help="An earlier audit for the trend; give the oldest first.")
def serve(audit: str, host: str, port: int, earlier: tuple[str, ...]) -> None:
    """Serve the results of 'cardlint audit' as pages, for hubs of any size, with a JSON API and lists as CSV. Read only.

    The API is described at /api/v1/openapi.json.
    """
    try:
        from cardlint.site.server import serve as run
    except ModuleNotFoundError as error:
        raise missing(error, "serve") from None

    def told(address: str) -> None:
        sys.stdout.write(f"{audit} at {address}\n")
        sys.stdout.flush()

    run(Path(audit), [Path(each) for each in earlier], host, port, told)
