"""The policy file's shape; ``schemas/gate-policy.schema.json`` is generated from it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from cardlint.config.model import SeverityWord, Strict


class Demands(Strict):
    """What is demanded of a repository's changes."""

    judge: Literal["change", "whole"] = Field(
        default="change", description="What may refuse: findings that the change brings, or every finding of the card as it would be."
    )
    refuse_at: Literal["error", "warning", "note", "nothing"] = Field(default="error", description="The least severity that refuses.")
    missing_card: Literal["allow", "first-commit", "deny"] = Field(
        default="allow",
        description="A change that leaves a repository without a card: allowed, refused where it brings the first files, always refused.",
    )
    mode: Literal["enforce", "observe"] = Field(default="enforce", description="observe: what would be refused passes and is logged.")
    select: list[str] = Field(default=[], description="Only these rules: codes, names, families, tags.")
    extend_select: list[str] = Field(default=[], description="These rules besides the gate profile's.")
    ignore: list[str] = Field(default=[], description="Rules that do not run.")
    severity: dict[str, SeverityWord] = Field(default={}, description="Severity by rule, family or tag.")
    min_confidence: Literal["high", "medium", "low"] = Field(default="low", description="Only rules at least this sure.")
    options: dict[str, dict[str, Any]] = Field(default={}, description="Options by rule code.")
    standards: list[str] = Field(
        default=[], description="Standards whose controls refuse by their own severity: shipped ids, or files relative to this one."
    )


class PolicyEntry(Demands):
    """Demands on some repositories; the first entry that speaks of a repository counts, then the default."""

    name: str = Field(min_length=1, description="How logs call it.")
    repos: list[str] = Field(default=["*"], min_length=1, description="Globs over repository ids, whatever their case.")
    kinds: list[Literal["model", "dataset", "space"]] = Field(default=["model", "dataset", "space"], min_length=1)
    new: bool | None = Field(default=None, description="true: only repositories that had no card so far; false: only those that had one.")


class PolicyFile(Strict):
    """A gate's policy, as TOML or YAML."""

    version: Literal[1]
    on_failure: Literal["refuse", "accept"] = Field(default="refuse", description="A change that could not be judged.")
    time_limit: float = Field(default=10, gt=0, le=300, description="Seconds that one judgement may take.")
    waivers: str | None = Field(default=None, description="A waivers file, relative to this file.")
    rules: list[str] = Field(default=[], description="Folders of an organisation's own rule files, relative to this file.")
    hub: str | None = Field(
        default=None, description="Other repositories, for rules on lineage: what `cardlint audit --out` wrote, relative to this file."
    )
    known_ids: str | None = Field(
        default=None, description="A listing of every id there is, relative to this file; what it lacks is absent."
    )
    complete: list[str] = Field(default=[], description="Owners of whom everything was audited; `*` for the whole hub.")
    default: Demands = Field(default=Demands(), description="What is demanded of every repository that no policy speaks of.")
    policies: list[PolicyEntry] = Field(default=[], description="Tried in their order.")
