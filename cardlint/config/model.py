"""The configuration file's shape; ``schemas/config.schema.json`` is generated from it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SeverityWord = Literal["error", "warning", "note", "off"]


def _dashed(name: str) -> str:
    return name.replace("_", "-")


class Strict(BaseModel):
    """What a user's file may hold: known keys alone, spelt with dashes."""

    model_config = ConfigDict(extra="forbid", alias_generator=_dashed, populate_by_name=False, frozen=True)


class Override(Strict):
    """Other settings for the cards whose path or repository id matches one of the globs."""

    paths: list[str] = Field(min_length=1, description="Globs over the card's path or the repository's id.")
    ignore: list[str] = Field(default=[], description="Rules that do not speak of these cards.")
    reason: str | None = Field(default=None, description="Why; shown by `cardlint config show`.")


class ConfigFile(Strict):
    """``cardlint.toml``, or the table ``[tool.cardlint]`` of ``pyproject.toml``."""

    profile: Literal["author", "gate", "audit"] | None = Field(default=None, description="Which rules, how severe.")
    select: list[str] = Field(default=[], description="Only these rules: codes, names, families, tags.")
    extend_select: list[str] = Field(default=[], description="These rules besides the profile's.")
    ignore: list[str] | dict[str, str] = Field(default=[], description="Rules that do not run; as a table, with the reason of each.")
    preview: bool = Field(default=False, description="Run rules whose precision is not established yet.")
    min_severity: Literal["error", "warning", "note"] | None = Field(default=None, description="Only rules at least this severe.")
    min_confidence: Literal["high", "medium", "low"] | None = Field(default=None, description="Only rules at least this sure.")
    fail_on: Literal["error", "warning", "note", "nothing"] | None = Field(
        default=None, description="The least severity that makes exit 1."
    )
    rules: list[str] = Field(default=[], description="Folders of an organisation's own rule files, relative to this file.")
    exclude: list[str] = Field(default=[], description="Globs of paths that are passed over.")
    severity: dict[str, SeverityWord] = Field(default={}, description="Severity by rule, family or tag.")
    standards: list[str] = Field(default=[], description="Standards that cards are judged by: shipped ids, or files relative to this one.")
    card_schema: str | None = Field(default=None, description="A JSON Schema of the front matter, relative to this file.")
    waivers: str | None = Field(default=None, description="A waivers file, relative to this file.")
    hub: str | None = Field(
        default=None, description="An audit's results, relative to this file: other repositories, for rules on lineage."
    )
    known_ids: str | None = Field(default=None, description="A listing of every id of the hub, relative to this file.")
    complete: list[str] = Field(default=[], description="Owners of whom the hub holds everything; * for all of them.")
    options: dict[str, dict[str, Any]] = Field(default={}, description="Options by rule code.")
    overrides: list[Override] = Field(default=[], description="Rules that do not speak of some cards.")
