"""What every output format is: something that is told of the run, each outcome, and the end."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TextIO

import orjson

from cardlint.report.plain import whole
from cardlint.report.records import Families, card_record, run_record, summary_record

if TYPE_CHECKING:
    from cardlint.model import Outcome
    from cardlint.report.records import RunInfo, Tally

FORMATS = (
    "text",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "markdown",
    "csv",
    "html",
    "badge",
    "badge-json",
)
FOR_PEOPLE = ("text", "concise")
"""Formats that end with counts in words; the others are a document that must be whole."""
_WRITERS = {
    "sarif": ("sarif", "SarifWriter"),
    "github": ("github", "GithubWriter"),
    "gitlab": ("gitlab", "GitlabWriter"),
    "junit": ("junit", "JunitWriter"),
    "markdown": ("markdown", "MarkdownWriter"),
    "csv": ("csv", "CsvWriter"),
    "html": ("html", "HtmlWriter"),
    "badge": ("badge", "BadgeWriter"),
    "badge-json": ("badge", "BadgeJsonWriter"),
    "concise": ("text", "ConciseWriter"),
}


class Writer(Protocol):
    """Writes one format while the outcomes come, in input order."""

    def start(self, info: RunInfo) -> None:
        """The run begins."""

    def card(self, outcome: Outcome, text: str | None) -> None:
        """One outcome; ``text`` is the card's where the format shows it."""

    def end(self, tally: Tally) -> None:
        """The run is over."""


class FindingsAlone:
    """A writer for people without what it says at the end."""

    def __init__(self, inner: Writer) -> None:
        self.inner = inner
        self.shows_text = getattr(inner, "shows_text", False)

    def start(self, info: RunInfo) -> None:
        """As the writer inside."""
        self.inner.start(info)

    def card(self, outcome: Outcome, text: str | None) -> None:
        """As the writer inside."""
        self.inner.card(outcome, text)

    def end(self, tally: Tally) -> None:
        """Nothing is said of the run."""


def writer(name: str, out: TextIO, *, color: bool = False, links: bool = False) -> Writer:
    """The writer of a format of `FORMATS`."""
    if name == "json":
        return JsonWriter(out)
    if name == "jsonl":
        return JsonLinesWriter(out)
    if name == "text":
        from cardlint.report.text import TextWriter

        return TextWriter(out, color=color, links=links)
    module, attribute = _WRITERS[name]
    made: Writer = getattr(import_module(f"cardlint.report.{module}"), attribute)(out)
    return made


def encode(record: dict[str, Any]) -> str:
    """A record as JSON; what cannot be encoded in UTF-8, such as some file names, has codes instead (`whole`)."""
    try:
        return orjson.dumps(record, default=str).decode()
    except (TypeError, ValueError):
        return json.dumps(_encodable(record), ensure_ascii=False, check_circular=False, default=str, separators=(",", ":"))


def _encodable(value: Any) -> Any:
    if isinstance(value, dict):
        return {_encodable(key): _encodable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(each) for each in value]
    return whole(value) if isinstance(value, str) and not value.isprintable() else value


def _families_of(info: RunInfo) -> Families:
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
        self.families = _families_of(info)
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
        self.families = _families_of(info)
        self.out.write(encode(run_record(info))[:-1] + ', "cards": [')

    def card(self, outcome: Outcome, text: str | None) -> None:  # noqa: ARG002  # the protocol's shape
        """Write one card."""
        self.out.write(("\n" if self.first else ",\n") + encode(card_record(outcome, self.families)))
        self.first = False

    def end(self, tally: Tally) -> None:
        """Write the summary and close."""
        self.out.write('\n], "summary": ' + encode(summary_record(tally)) + "}\n")
