"""What every output format is: something that is told of the run, each outcome, and the end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol, TextIO

import orjson

from cardlint.report.records import Families, card_record, run_record, summary_record

if TYPE_CHECKING:
    from cardlint.model import Outcome
    from cardlint.report.records import RunInfo, Tally

FORMATS = ("text", "concise", "json", "jsonl", "github", "markdown", "html")


class Writer(Protocol):
    """Writes one format while the outcomes come, in input order."""

    def start(self, info: RunInfo) -> None:
        """The run begins."""

    def card(self, outcome: Outcome, text: str | None) -> None:
        """One outcome; ``text`` is the card's where the format shows it."""

    def end(self, tally: Tally) -> None:
        """The run is over."""


def writer(name: str, out: TextIO, *, color: bool = False, links: bool = False) -> Writer:
    """The writer of a format of `FORMATS`."""
    if name == "json":
        return JsonWriter(out)
    if name == "jsonl":
        return JsonLinesWriter(out)
    if name == "github":
        from cardlint.report.github import GithubWriter

        return GithubWriter(out)
    if name == "markdown":
        from cardlint.report.markdown import MarkdownWriter

        return MarkdownWriter(out)
    if name == "html":
        from cardlint.report.html import HtmlWriter

        return HtmlWriter(out)
    from cardlint.report.text import ConciseWriter, TextWriter

    return ConciseWriter(out) if name == "concise" else TextWriter(out, color=color, links=links)


_slow = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=str).encode


def encode(record: dict[str, Any]) -> str:
    """A record as JSON; ten times as fast as the standard library, which serves where a path is no UTF-8."""
    try:
        return orjson.dumps(record, default=str).decode()
    except (TypeError, ValueError):
        return _slow(record)


def families_of(info: RunInfo) -> Families:
    """The families of a run's rules."""
    return Families(each.rule.code for each in info.selected)


def _line(kind: str, record: dict[str, Any]) -> str:
    return encode({"type": kind, **record}) + "\n"


class JsonLinesWriter:
    """One object a line: run, cards, and the summary last, so that a cut file shows."""

    shows_text = False

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def start(self, info: RunInfo) -> None:
        """Write the run's line."""
        self.families = families_of(info)
        self.out.write(_line("run", run_record(info)))

    def card(self, outcome: Outcome, text: str | None) -> None:  # noqa: ARG002  # the protocol's shape
        """Write one card's line."""
        self.out.write(_line("card", card_record(outcome, self.families)))

    def end(self, tally: Tally) -> None:
        """Write the summary's line."""
        self.out.write(_line("summary", {"summary": summary_record(tally)}))


class JsonWriter:
    """One document, written while the cards come."""

    shows_text = False

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.first = True

    def start(self, info: RunInfo) -> None:
        """Write the head."""
        self.families = families_of(info)
        self.out.write(encode(run_record(info))[:-1] + ', "cards": [')

    def card(self, outcome: Outcome, text: str | None) -> None:  # noqa: ARG002  # the protocol's shape
        """Write one card."""
        self.out.write(("\n" if self.first else ",\n") + encode(card_record(outcome, self.families)))
        self.first = False

    def end(self, tally: Tally) -> None:
        """Write the summary and close."""
        self.out.write('\n], "summary": ' + encode(summary_record(tally)) + "}\n")
