"""Options that several commands share, and what they resolve to."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cardlint.cli.completing import rule_names
from cardlint.config.settings import Settings, discover, read
from cardlint.model import CONFIDENCES, KINDS, SEVERITIES, CardlintError, Kind
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cardlint.engine.batch import Plan
    from cardlint.engine.rule import Rule
    from cardlint.engine.select import Choice, Selected
    from cardlint.hub.hub import HubSource
    from cardlint.standards.standard import Head, Standard

Command = TypeVar("Command", bound="Callable[..., Any]")


class Words(click.Choice[str]):
    """A choice whose refusal names the near miss."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value, or a usage error."""
        if value not in self.choices:
            from difflib import get_close_matches

            near = get_close_matches(str(value), list(self.choices), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            self.fail(f"{value!r} is not one of {', '.join(self.choices)}{hint}", param, ctx)
        return value


def repo_id(_ctx: click.Context | None, _param: click.Parameter | None, value: str | None) -> str | None:
    """The id that an option gives, without a hub's address before it. Raises CardlintError where it is none."""
    if value is None:
        return None
    from cardlint.hub.names import plain

    name = plain(value)
    parts = name.split("/")
    if parts[0] in ("models", "datasets", "spaces") and len(parts) == 3:  # as a hub's address has it
        raise CardlintError(f"--repo-id {value!r}: write {'/'.join(parts[1:])!r}; --kind {parts[0][:-1]} says what it is")
    if len(parts) > 2 or not all(parts) or any(each.isspace() for each in name):
        raise CardlintError(f"--repo-id {value!r}: OWNER/NAME is wanted, as on the hub")
    return name


def rule_options(command: Command) -> Command:
    """The options that say which rules run."""
    for option in reversed(
        (
            click.option("--profile", type=Words(("author", "gate", "audit")), help="Which rules run and how severe they are."),
            click.option(
                "--select",
                multiple=True,
                metavar="RULES",
                shell_complete=rule_names,
                help="Only these: codes, names, families, tags; commas part them.",
            ),
            click.option("--extend-select", multiple=True, metavar="RULES", shell_complete=rule_names, help="These besides the profile's."),
            click.option("--ignore", multiple=True, metavar="RULES", shell_complete=rule_names, help="Not these."),
            click.option("--preview", is_flag=True, default=None, help="Also rules whose precision is not established yet."),
            click.option("--min-severity", type=Words(SEVERITIES), help="Only rules at least this severe."),
            click.option("--min-confidence", type=Words(CONFIDENCES), help="Only rules at least this sure."),
            click.option("--rules", "rule_folders", multiple=True, metavar="DIR", help="An organisation's own rule files."),
            click.option("--config", "config_file", metavar="FILE", help="This configuration file and no other."),
            click.option("--isolated", is_flag=True, help="No configuration file."),
        )
    ):
        command = option(command)
    return command


def standard_options(command: Command) -> Command:
    """The options that say by which standards and by whose schema cards are judged."""
    for option in reversed(
        (
            click.option(
                "--standard", "standards", multiple=True, metavar="NAME|FILE", help="Judge the controls of a standard; may be repeated."
            ),
            click.option("--card-schema", metavar="FILE", help="A JSON Schema of your own for the front matter."),
        )
    ):
        command = option(command)
    return command


def source_options(command: Command) -> Command:
    """The options that say what is judged."""
    for option in reversed(
        (
            click.option("--files-from", metavar="FILE", help="A listing: a path or a JSON object a line; - is standard input."),
            click.option("--stdin-filename", metavar="PATH", help="What standard input is called in reports."),
            click.option("--repo-id", metavar="ID", callback=repo_id, help="The repository's id on its hub."),
            click.option("--kind", type=Words(KINDS), help="What kind of repository it is."),
            click.option("--only-cards", is_flag=True, help="Pass over Markdown files that are no card."),
            click.option("--rev", metavar="REV", help="Read PATH, a git work tree or bare repository, at this revision."),
        )
    ):
        command = option(command)
    return command


def hub_options(command: Command) -> Command:
    """The option that names a hub, and `world_options`."""
    text = "Other repositories, for rules on lineage: what 'cardlint audit' wrote to DIR, or a live hub's address."
    hub = click.option("--hub", metavar="DIR|URL", help=text)
    return hub(world_options(command))


def hub_of(options: dict[str, Any], settings: Settings) -> HubSource | None:
    """The hub that the options or the configuration name; None without one. Raises CardlintError for options that need it."""
    path = options["hub"] or settings.hub
    known, complete = told_of_the_world(options, settings)
    if path is None:
        if options["known_ids"] or options["complete"]:
            raise CardlintError("--known-ids and --complete speak of a hub: give --hub DIR too")
        return None
    from cardlint.facts.live import opened
    from cardlint.hub.hub import HubSource

    source = HubSource(path, known, complete)
    opened(source)  # what is wrong with it is told before any work
    return source


def told_of_the_world(options: dict[str, Any], settings: Settings) -> tuple[str | None, tuple[str, ...]]:
    """The listing of ids and the complete owners that the options name, else the configuration."""
    return options["known_ids"] or settings.known_ids, tuple(options["complete"]) or settings.complete


def world_options(command: Command) -> Command:
    """The options that say what is known of repositories that are not at hand."""
    for option in reversed(
        (
            click.option(
                "--known-ids", metavar="FILE", help="Every id there is, one a line; what it lacks is absent, not merely out of sight."
            ),
            click.option("--complete", multiple=True, metavar="OWNER", help="An owner of whom everything is at hand; * for the whole hub."),
        )
    ):
        command = option(command)
    return command


class Run(NamedTuple):
    """A run's rules and settings, resolved."""

    settings: Settings
    profile: str
    rules: tuple[Rule, ...]
    selected: tuple[Selected, ...]
    choice: Choice
    standards: tuple[Standard, ...] = ()
    own_options: Mapping[str, dict[str, Any]] = MappingProxyType({})
    """Options of rules that the command line gives, over those of the settings."""

    @property
    def heads(self) -> tuple[Head, ...]:
        """What reports say of the standards."""
        return tuple(each.head for each in self.standards)

    def plan(self, kind: Kind | None) -> Plan:
        """What workers need."""
        from cardlint.engine.batch import Plan
        from cardlint.engine.select import resolve

        ignored = tuple(
            (override.paths, frozenset(rule.code for selector in override.ignore for rule in resolve(selector, self.rules)))
            for override in self.settings.overrides
        )
        assess = None
        if self.standards:
            from cardlint.standards.assess import Assess

            assess = Assess(self.standards)
        return Plan(self.selected, {**self.settings.options, **self.own_options}, kind, ignored, assess=assess)


def run_of(options: dict[str, Any], default_profile: str = "author") -> Run:
    """The rules and settings that the options and the configuration ask for. Raises CardlintError.

    The gate and audit profiles read no configuration but the one that is named: the folder they are called in may be judged.
    """
    from cardlint.engine.catalogue import shipped, with_own
    from cardlint.engine.select import Choice, choose, resolve

    settings = _settings(options, default_profile)
    profile = options["profile"] or settings.profile or default_profile
    folders = (*settings.rules, *options["rule_folders"])
    if folders:
        from pathlib import Path

        from cardlint.engine.loader import load_rules

        rules = with_own([rule for folder in folders for rule in load_rules(Path(folder))])
    else:
        rules = shipped()
    given: dict[str, dict[str, Any]] = {}
    for key, selector in settings.selectors:
        named = resolve(selector, rules, where=f"{settings.source}: {key}: ")
        if key == "options":
            from cardlint.config.wanted import unknown_option

            if fault := unknown_option(settings.options[selector], named):
                raise CardlintError(f"{settings.source}: options.{selector}: {fault}")
            given.update((rule.code, settings.options[selector]) for rule in named)
    settings = settings._replace(options=given)
    standards = standards_of(options, settings, rules)
    card_schema = _card_schema(options, settings)
    preview = settings.preview if options["preview"] is None else options["preview"]
    choice = Choice(
        profile=profile,
        select=split(options["select"]) or settings.select,
        extend_select=split(options["extend_select"])
        + settings.extend_select
        + _wanted(standards, rules, preview=preview)
        + tuple(card_schema),
        ignore=split(options["ignore"]) + settings.ignore,
        preview=preview,
        min_severity=options["min_severity"] or settings.min_severity or "note",  # type: ignore[arg-type]  # one of them
        min_confidence=options["min_confidence"] or settings.min_confidence or "low",
        severity={**dict.fromkeys(card_schema, "error"), **settings.severity},
    )
    return Run(settings, profile, tuple(rules), tuple(choose(choice, rules)), choice, standards, card_schema)


def standards_of(options: dict[str, Any], settings: Settings, rules: Sequence[Rule]) -> tuple[Standard, ...]:
    """The standards that the options and the configuration name. Raises CardlintError where one is unknown or faulty."""
    names = dict.fromkeys((*options.get("standards", ()), *settings.standards))
    if not names:
        return ()
    from cardlint.standards.load import find_standard

    found = tuple(find_standard(name, rules) for name in names)
    for index, standard in enumerate(found):
        if standard.id in [each.id for each in found[:index]]:
            raise CardlintError(f"two standards have the id {standard.id!r}")
    return found


def _wanted(standards: Sequence[Standard], rules: Sequence[Rule], *, preview: bool) -> tuple[str, ...]:
    """The rules that standards ask for."""
    if not standards:
        return ()
    from cardlint.standards.assess import wanted_rules

    return wanted_rules(standards, rules, preview=preview)


def _card_schema(options: dict[str, Any], settings: Settings) -> dict[str, dict[str, Any]]:
    """The options of the rule on an organisation's own schema, where one is given. Raises CardlintError where it is none."""
    file = options.get("card_schema") or settings.card_schema
    if not file:
        return {}
    from pathlib import Path

    from cardlint.config.card_schema import RULE, read_card_schema

    return {RULE: {"schema": read_card_schema(Path(file))}}


def _settings(options: dict[str, Any], default_profile: str) -> Settings:
    named = options["config_file"]
    trusted = (options["profile"] or default_profile) == "author"
    if not named and (options["isolated"] or not trusted):
        return Settings()
    from pathlib import Path

    return read(Path(named)) if named else discover(Path())


def split(values: Sequence[str]) -> tuple[str, ...]:
    """The words that commas part."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())
