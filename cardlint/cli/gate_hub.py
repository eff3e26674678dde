"""``cardlint gate hub``: a reverse proxy in front of a hub."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.addresses import address, host_and_port
from cardlint.cli.helping import Command
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from cardlint.gate.policy import Policies

_SIZES = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


@click.command(
    cls=Command,
    examples=(
        "cardlint gate hub --upstream http://hub:48888 --listen 0.0.0.0:8080 --log gate.sqlite",
        "cardlint gate hub --upstream http://hub:48888 --policy gate.yaml --log gate.sqlite --admin 127.0.0.1:9464",
    ),
)
@click.option("--upstream", required=True, metavar="URL", help="The hub behind the gate; it must not be reachable past it.")
@click.option("--listen", default="127.0.0.1:8080", show_default=True, metavar="HOST:PORT", help="Where clients reach the gate.")
@click.option("--policy", metavar="FILE", help="The policy (TOML or YAML); without: the gate profile on what a change brings.")
@click.option("--log", "log_file", default="gate.sqlite", show_default=True, metavar="FILE", help="The append-only log of decisions.")
@click.option("--admin", metavar="HOST:PORT", help="Where /metrics is served (and /healthz, /readyz).")
@click.option("--public-url", metavar="URL", help="How clients reach the gate, for links to rules (default: as each one does).")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that judge.")
@click.option("--ask-hub", is_flag=True, help="Ask the hub's own early check too and merge its answer.")
@click.option("--only-card", is_flag=True, help="Read no listing and no files beside the card of the hub.")
@click.option("--git-push", is_flag=True, help="Let git pushes through, unjudged.")
@click.option("--max-commit", default="2G", show_default=True, metavar="SIZE", help="Bytes of a commit without large files.")
@click.option("--max-spooled", default="16G", show_default=True, metavar="SIZE", help="Bytes of all commits under way.")
@click.option("--spool", metavar="DIR", help="Where large commits wait (default: the system's temporary folder).")
@click.option("--idle", type=click.FloatRange(0.1, 3600), default=60, show_default=True, help="Seconds of silence that end an upload.")
@click.option("--grace", type=click.FloatRange(0, 3600), default=60, show_default=True, help="Seconds that uploads have to end at a stop.")
def hub(**options: Any) -> None:
    """Stand in front of a hub and judge every upload. Clients set HF_ENDPOINT to the gate and nothing else."""
    try:
        from cardlint.gate.proxy.server import Options, serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("aiohttp", "pebble", "prometheus_client", "multidict", "yarl"):
            raise
        raise CardlintError("the gate needs aiohttp, pebble and prometheus-client: pip install 'cardlint[gate]'") from None
    upstream = address(options["upstream"], "--upstream")
    chosen = Options(
        upstream,
        host_and_port(options["listen"], "--listen"),
        Path(options["log_file"]),
        host_and_port(options["admin"], "--admin") if options["admin"] else None,
        options["workers"],
        address(options["public_url"], "--public-url") if options["public_url"] else None,
        options["ask_hub"],
        not options["only_card"],
        options["git_push"],
        _size(options["max_commit"], "--max-commit"),
        _size(options["max_spooled"], "--max-spooled"),
        options["idle"],
        options["grace"],
        _folder(options["spool"]),
    )
    policies = policies_of(options["policy"])
    import asyncio

    try:
        import uvloop
    except ModuleNotFoundError:
        run = asyncio.run
    else:
        run = uvloop.run

    def started(addresses: list[tuple[str, int]]) -> None:
        places = " and ".join(f"http://{host}:{port}" for host, port in addresses)
        sys.stdout.write(f"cardlint gate: {places}, in front of {upstream}\n")
        sys.stdout.flush()

    run(serve(chosen, policies, started))


def policies_of(file: str | None) -> Policies:
    """The policies of a file, or the default. Raises CardlintError."""
    from cardlint.gate.policy_file import default_policies, read_policies

    return read_policies(Path(file)) if file else default_policies()


def _size(text: str, option: str) -> int:
    match = re.fullmatch(r"([0-9]+)\s*([KMGT]?)(?:i?B)?", text.strip(), re.IGNORECASE)
    if match is None:
        raise CardlintError(f"{option}: {text!r} is no size, such as 500M or 2G")
    return int(match[1]) * _SIZES[match[2].upper()]


def _folder(text: str | None) -> Path | None:
    if text is not None and not Path(text).is_dir():
        raise CardlintError(f"--spool: {text}: no such folder")
    return Path(text) if text else None
