"""``cardlint audit``: a whole mirror."""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.check import exit_code
from cardlint.cli.helping import RULES, Command
from cardlint.cli.options import Words, rule_options, run_of, standard_options, told_of_the_world, world_options
from cardlint.cli.silencing import plan_of, waiver_option
from cardlint.cli.site import pages_for
from cardlint.model import KINDS, SEVERITIES, CardlintError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.audit.reduce import Engine as Among
    from cardlint.audit.scan import Engine
    from cardlint.audit.store import Store
    from cardlint.config.settings import Settings
    from cardlint.engine.batch import Plan
    from cardlint.engine.pool import Limits


@click.command(
    cls=Command,
    sections={
        "What is judged": ("kind", "columns", "hub_url", "known_ids", "complete"),
        "Rules": RULES,
        "Results": ("out", "waivers", "site_folder", "earlier", "quiet", "fail_on", "exit_zero"),
        "How": ("jobs", "engine", "address", "time_limit", "memory_limit", "resume"),
    },
    examples=(
        "cardlint audit mirror --out results --site pages",
        "cardlint audit cards.parquet --columns card=readme --out results",
        "cardlint audit 'hub:acme/*' --out results --standard hub-minimum",
    ),
)
@click.argument("mirror", metavar="MIRROR")
@click.option("--out", "out", required=True, metavar="DIR", help="Where the results are kept; an earlier run there is continued.")
@click.option("--kind", type=Words(KINDS), help="What the rows of a table, or loose cards, are where nothing else tells.")
@click.option("--columns", multiple=True, metavar="WHAT=NAME", help="The column of a table that holds id, card, metadata, downloads, …")
@click.option("--hub-url", metavar="URL", help="The hub that hub:… names; else the client's own.")
@rule_options
@standard_options
@waiver_option
@world_options
@click.option("--jobs", default="auto", metavar="N", help="Processes; auto: one a core.")
@click.option(
    "--engine", type=Words(("local", "ray")), default="local", show_default=True, help="Processes of this machine, or a Ray cluster."
)
@click.option("--address", metavar="HOST:PORT", help="The Ray cluster; auto: this machine's; none given: a private one.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0.1),
    default=60.0,
    show_default=True,
    metavar="S",
    help="Seconds of processor time a card may take.",
)
@click.option(
    "--memory-limit", type=click.FloatRange(min=200), default=4_000, show_default=True, metavar="MB", help="Memory a process may take."
)
@click.option("--resume", is_flag=True, help="Continue the run in DIR, as is always done where there is one.")
@click.option("--fail-on", type=Words((*SEVERITIES, "nothing")), default="nothing", show_default=True)
@click.option("--exit-zero", is_flag=True, help="Exit 0 where there are findings.")
@click.option("-q", "--quiet", is_flag=True, help="Keep the results and say nothing: no summary, no progress.")
@click.option("--site", "site_folder", metavar="DIR", help="Also write the results as pages, as 'cardlint site' does.")
@click.option("--earlier", multiple=True, metavar="AUDIT_DIR", help="An earlier audit for the pages' trend; give the oldest first.")
@click.pass_context
def audit(ctx: click.Context, /, mirror: str, out: str, **options: Any) -> None:
    """Judge every repository of a mirror and keep the results in DIR: Parquet tables, JSON Lines and a summary.

    MIRROR is a folder of repositories, bare git repositories or a hub client's cache; a table of cards (Parquet, JSON Lines,
    CSV; a path, a pattern or an address such as s3://…); listing:FILE for a copy that lacks some files; cards:FOLDER for loose
    Markdown files; or hub:ORG/* for a live hub.

    What an earlier run into DIR judged with the same rules is not read again, however that run ended.
    """
    # Before Arrow is imported, which reads it then: this pool gives back what it held, to the end of a long run.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

    from cardlint.audit.scan import scan
    from cardlint.audit.store import Store
    from cardlint.audit.summary import render
    from cardlint.audit.totals import totals
    from cardlint.cli.progress import Progress
    from cardlint.engine.digest import engine_digest
    from cardlint.report.records import RunInfo, run_record, scopes_of, summary_record
    from cardlint.report.text import footer
    from cardlint.sources.source import source

    pages = pages_for(options["site_folder"], options["earlier"], quiet=options["quiet"])
    this = run_of(options, default_profile="audit")
    plan = plan_of(this, None, options)._replace(later=True)
    info = RunInfo(this.profile, scopes_of(this.selected), this.selected, engine_digest(), standards=this.heads)
    record = run_record(info)
    ignored = tuple((globs, tuple(sorted(codes))) for globs, codes in plan.ignored)  # sets have no order of their own
    identity = sha256(repr((record, plan._replace(ignored=()), ignored)).encode()).hexdigest()
    read = source(mirror, columns=_columns(options["columns"]), kind=options["kind"], endpoint=options["hub_url"])
    progress = Progress(read, quiet=options["quiet"])
    store = Store(Path(out))
    start = time.perf_counter()
    engine, among = _engines(options)
    jobs, limits = _workers(options)
    try:
        with store.taken():
            done = scan(read, plan, identity, store, engine, progress, jobs=jobs, limits=limits)
            if done.repos:
                _reduce(store, done.keys, plan, identity, options, this.settings, among)
                tally, tables = totals(store)
                store.finish(done.keys, record, summary_record(tally))
    except OSError as error:
        raise CardlintError(f"{out}: {error.strerror or error}; what is done is kept, the same command continues") from None
    finally:
        progress.end()
    if not done.repos:
        sys.stderr.write(f"cardlint: no repositories found in {mirror}\n")
        ctx.exit(3)
    took = time.perf_counter() - start
    if not options["quiet"]:
        sys.stdout.write(f"{render(tables)}\n{footer(tally)}\n")
        reused = f"{done.opened:,} opened and {done.reused:,} reused"
        found = f"{done.repos:,} {'repository' if done.repos == 1 else 'repositories'}"
        sys.stdout.write(f"{found}, {reused}, in {took:.1f} s; results in {out}\n")
    if pages:
        pages(store.folder)
    ctx.exit(exit_code(tally.findings, tally.failed, options["fail_on"], exit_zero=options["exit_zero"]))


def _reduce(
    store: Store, keys: Sequence[str], plan: Plan, identity: str, options: dict[str, Any], settings: Settings, engine: Among
) -> None:
    """What only shows when all repositories are known. Raises CardlintError for a faulty listing of ids."""
    from cardlint.audit.reduce import reduce
    from cardlint.hub.world import World, read_known_ids

    known, complete = told_of_the_world(options, settings)
    digest = sha256(Path(known).read_bytes()).hexdigest() if known and Path(known).is_file() else ""
    world = World(read_known_ids(Path(known)) if known else (), complete)
    reduce(store, keys, plan, world, f"{identity} {digest} {sorted(complete)}", engine)


def _engines(options: dict[str, Any]) -> tuple[Engine, Among]:
    """What runs the tasks of both phases. Raises CardlintError."""
    if options["engine"] == "ray":
        from cardlint.audit.cluster import on_ray, told_on_ray

        cluster = {"address": options["address"], "seconds": options["time_limit"]}
        return partial(on_ray, **cluster), partial(told_on_ray, **cluster)
    if options["address"]:
        raise CardlintError("--address names a Ray cluster: it goes with --engine ray")
    from cardlint.audit.among import judged
    from cardlint.audit.scan import local

    jobs, limits = _workers(options)
    return partial(local, jobs=jobs, limits=limits), partial(judged, jobs=jobs, limits=limits)


def _workers(options: dict[str, Any]) -> tuple[int, Limits]:
    """How many processes there are on this machine, and what each may take. Raises CardlintError."""
    from cardlint.cli.check import jobs_of
    from cardlint.engine.pool import Limits

    return jobs_of(options["jobs"]) or os.cpu_count() or 1, Limits(options["time_limit"], int(options["memory_limit"] * 1e6))


def _columns(given: Sequence[str]) -> dict[str, str]:
    """What ``--columns`` names. Raises CardlintError."""
    from cardlint.sources.tables import COLUMNS

    named = {}
    for each in (part for value in given for part in value.split(",")):
        what, _, name = each.partition("=")
        if what not in COLUMNS or not name:
            from difflib import get_close_matches

            near = get_close_matches(what, COLUMNS, n=1)
            hint = f"; did you mean {near[0]}=?" if near else f"; a row tells {', '.join(COLUMNS)}"
            raise CardlintError(f"--columns {each!r}: WHAT=NAME is wanted{hint}")
        named[what] = name
    return named
