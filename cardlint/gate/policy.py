"""What a gate demands: policies by repository, tried in order, and how the gate itself behaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal

from cardlint.model import KINDS

if TYPE_CHECKING:
    from cardlint.config.waivers import Waiver
    from cardlint.engine.rule import Rule
    from cardlint.engine.select import Selected
    from cardlint.hub.hub import HubSource
    from cardlint.model import Kind
    from cardlint.standards.standard import Standard

Judged = Literal["change", "whole"]
MissingCard = Literal["allow", "first-commit", "deny"]
Mode = Literal["enforce", "observe"]
OnFailure = Literal["refuse", "accept"]


@dataclass(frozen=True, slots=True)
class Policy:
    """The demands on some repositories. ``name`` is unique; ``repos`` are globs over ids, whatever their case.

    ``new``: only repositories without a card so far (True), only those with one (False), or all (None). ``judge`` is what may
    refuse: findings that the change brings, or every finding. ``refuse_at`` is the least severity that refuses.
    ``selected`` are the rules with their severities; controls of ``standards`` refuse by their own.
    """

    name: str
    selected: tuple[Selected, ...]
    repos: tuple[str, ...] = ("*",)
    kinds: tuple[Kind, ...] = KINDS
    new: bool | None = None
    judge: Judged = "change"
    refuse_at: str = "error"
    missing_card: MissingCard = "allow"
    mode: Mode = "enforce"
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    standards: tuple[Standard, ...] = ()

    @property
    def compares(self) -> bool:
        """Whether a rule asks what changed."""
        return any("since" in selected.rule.needs for selected in self.selected)

    def speaks_of(self, kind: Kind, repo: str | None, *, new: bool | None) -> bool:
        """Whether it may speak of a repository; an id or ``new`` that is None is not known and excludes nothing."""
        if kind not in self.kinds or (new is not None and self.new is not None and self.new != new):
            return False
        return repo is None or any(fnmatchcase(repo.lower(), glob.lower()) for glob in self.repos)


@dataclass(frozen=True, slots=True)
class Policies:
    """All that a policy file says. The last of ``policies`` speaks of every repository. ``digest`` names the content.

    ``hub`` is where rules on lineage see other repositories. ``on_failure``: what becomes of a change that could not be judged
    within ``time_limit`` seconds, or at all.
    """

    policies: tuple[Policy, ...]
    rules: tuple[Rule, ...]
    digest: str
    source: str | None = None
    on_failure: OnFailure = "refuse"
    time_limit: float = 10.0
    waivers: tuple[Waiver, ...] = ()
    hub: HubSource | None = None

    def of(self, kind: Kind, repo: str | None, *, new: bool) -> Policy:
        """The first policy that speaks of a repository."""
        return next(policy for policy in self.policies if policy.speaks_of(kind, repo, new=new))

    def possible(self, kind: Kind) -> tuple[Policy, ...]:
        """The policies that may speak of a repository of which only the kind is known."""
        return tuple(policy for policy in self.policies if policy.speaks_of(kind, None, new=None))
