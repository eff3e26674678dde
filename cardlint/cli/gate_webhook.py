"""``cardlint gate webhook``: judge what a hub tells by webhook, and answer in its discussions."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from cardlint.model import CardlintError
from cardlint.textfile import read_text


@click.command()
@click.option("--hub", required=True, metavar="URL", help="The hub that calls, and whose discussions are answered in.")
@click.option("--listen", default="127.0.0.1:8081", show_default=True, metavar="HOST:PORT", help="Where the hub reaches this server.")
@click.option("--secret-file", metavar="FILE", help="The webhook's secret, one a line while it is changed [or CARDLINT_WEBHOOK_SECRET].")
@click.option("--token-file", metavar="FILE", help="The token that reads cards and writes comments [or HF_TOKEN].")
@click.option("--queue", default="webhook.sqlite", show_default=True, metavar="FILE", help="What is still to be judged.")
@click.option("--policy", metavar="FILE", help="The policy (TOML or YAML); without: the gate profile on what a change brings.")
@click.option("--log", "log_file", metavar="FILE", help="The append-only log of decisions.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that judge.")
@click.option("--only-card", is_flag=True, help="Read no listing and no files beside the card of the hub.")
@click.option(
    "--retry", type=click.FloatRange(0.05, 600), default=5, show_default=True, help="Seconds before a second try; doubled each time."
)
def webhook(**options: Any) -> None:
    """Judge every change that a hub tells by webhook, and keep one comment a repository and pull request up to date.

    Nothing is refused: what is wrong is said where the authors read it.
    """
    try:
        from cardlint.gate.webhook.server import Options, serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("aiohttp", "pebble", "prometheus_client", "multidict", "yarl"):
            raise
        raise CardlintError("the gate needs aiohttp, pebble and prometheus-client: pip install 'cardlint[gate]'") from None
    from cardlint.cli.addresses import address, host_and_port
    from cardlint.cli.gate_hub import policies_of

    secrets = _secret(options["secret_file"], "CARDLINT_WEBHOOK_SECRET", "--secret-file")
    token = _secret(options["token_file"], "HF_TOKEN", "--token-file")
    chosen = Options(
        address(options["hub"], "--hub"),
        host_and_port(options["listen"], "--listen"),
        secrets,
        token[0],
        Path(options["queue"]),
        Path(options["log_file"]) if options["log_file"] else None,
        options["workers"],
        base_delay=options["retry"],
        read_files=not options["only_card"],
    )
    policies = policies_of(options["policy"])
    import asyncio

    def started(host: str, port: int) -> None:
        sys.stdout.write(f"cardlint gate: http://{host}:{port}/webhook, for {chosen.hub}\n")
        sys.stdout.flush()

    asyncio.run(serve(chosen, policies, started))


def _secret(file: str | None, variable: str, option: str) -> tuple[str, ...]:
    """The lines of a file, or a variable's value. Raises CardlintError where there is nothing."""
    try:
        text = read_text(Path(file)) if file else os.environ.get(variable, "")
    except CardlintError as error:
        raise CardlintError(f"{option} {error}") from None
    found = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not found:
        raise CardlintError(f"{option} {file}: it is empty" if file else f"give {option} FILE, or set {variable}")
    return found
