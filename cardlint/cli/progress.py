"""How far an audit is, on standard error, on a terminal only."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardlint.audit.scan import Scan
    from cardlint.sources.source import Source

_BAR = 20
_PAUSE = 0.2
_TELLING = 0.002
"""The share of the way from which on the time that is left is told."""


class Progress:
    """Called after each shard. Shows a bar, the rate and the time left where the source tells its share, else the counts."""

    def __init__(self, source: Source, *, quiet: bool = False) -> None:
        self.source = source
        self.start = self.shown = time.monotonic()
        self.on = not quiet and sys.stderr.isatty()

    def __call__(self, done: Scan) -> None:
        """Show where the run is."""
        now = time.monotonic()
        if not self.on or now - self.shown < _PAUSE:
            return
        self.shown = now
        judged = done.opened + done.reused
        line = f"{judged:,} repositories, {done.opened / max(0.001, now - self.start):,.0f} a second"
        share = self.source.share
        if share is not None:
            share *= judged / max(1, done.repos)  # what was found and is not judged yet is not done
            bar = "█" * round(_BAR * share)
            left = f", {_words((now - self.start) * (1 - share) / share)} left" if share > _TELLING else ""
            line = f"{bar:░<{_BAR}} {share:4.0%}  {line}{left}"
        sys.stderr.write(f"\r{line}\x1b[K")
        sys.stderr.flush()

    def end(self) -> None:
        """Wipe the line."""
        if self.on:
            sys.stderr.write("\r\x1b[K")


def _words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"
