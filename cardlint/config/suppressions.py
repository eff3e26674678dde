"""What keeps a finding silent: a comment in the card, a waiver, a baseline; asked in this order, the first one counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.engine.inline import names_of, silence
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cardlint.config.baseline import Baseline
    from cardlint.config.waivers import Waiver
    from cardlint.engine.rule import Rule
    from cardlint.engine.run import Engine
    from cardlint.facts.subject import Subject
    from cardlint.model import Finding, Outcome

HONOURING = frozenset({"author"})
"""Profiles that listen to comments in the card; gate and audit judge what strangers wrote, and only count them."""


class Silencing(NamedTuple):
    """What a run keeps silent; picklable. ``names`` maps every code and name to its code; ``today`` is an ISO date."""

    names: dict[str, str]
    honoured: bool
    waivers: tuple[Waiver, ...] = ()
    today: str = ""
    baseline: Baseline | None = None

    def __call__(self, subject: Subject, outcome: Outcome, engine: Engine) -> Outcome:
        """The outcome with the silent findings set apart; a finding whose waiver has expired says so in its help."""
        if subject.has_card:
            outcome = silence(subject, outcome, engine, self.names, honoured=self.honoured)
        if not self.waivers and self.baseline is None:
            return outcome
        left: list[Finding] = []
        silent = list(outcome.suppressed)
        waivers = [each for each in self.waivers if each.names(outcome)]
        known = self.baseline.of(outcome) if self.baseline else frozenset()
        for found in outcome.findings:
            found = _waived(found, waivers, self.today)
            if found.suppressed is None and found.fingerprint in known and self.baseline is not None:
                found = found._replace(suppressed=self.baseline.suppressed)
            (left if found.suppressed is None else silent).append(found)
        silent.sort(key=lambda each: (each.span, each.code, each.message))
        return outcome._replace(findings=tuple(left), suppressed=tuple(silent))


def silencing(rules: Iterable[Rule], profile: str) -> Silencing:
    """What a run of a profile keeps silent where neither waivers nor a baseline are given."""
    return Silencing(names_of(rules), profile in HONOURING)


def _waived(found: Finding, waivers: Iterable[Waiver], today: str) -> Finding:
    """The finding, silent where a waiver holds; the waiver that ended last is named where all of them have expired."""
    speaking = [each for each in waivers if found.code in each.codes]
    if not speaking:
        return found
    last = max(speaking, key=lambda each: each.expires)
    if last.expires >= today:
        return found._replace(suppressed=last.suppressed)
    note = f"A waiver of {last.owner} expired on {last.expires}: {last.reason}"
    return found._replace(help=f"{found.help} {note}" if found.help else note)
