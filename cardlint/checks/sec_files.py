"""Files that run code: pickles, executables, code that loading a model wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint import data
from cardlint.model import NotChecked, Problem
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.repo.repo import Repo

_AT = "/repo/weights"
_SHOWN = 3
_SUFFIX = Pattern(r"(\.[A-Za-z0-9]{1,12})$")
_MACHINE = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


def dangerous(repo: Repo) -> Iterator[Problem | NotChecked]:
    """Pickles that call what no weights need."""
    yield from _scanned(repo, "dangerous", "runs")


def suspicious(repo: Repo) -> Iterator[Problem | NotChecked]:
    """Pickles that import what the scanner does not know as harmless."""
    yield from _scanned(repo, "suspicious", "imports")


def _scanned(repo: Repo, verdict: str, does: str) -> Iterator[Problem | NotChecked]:
    """A problem for each pickle of a verdict; where some were not scanned, why."""
    why = ""
    for scan in repo.pickles:
        if scan.verdict == verdict:
            names = ", ".join(scan.names[:_SHOWN]) + (", …" if len(scan.names) > _SHOWN else "")
            yield Problem(_AT, f"loading '{scan.path}' {does} {names}", value=scan.path)
        elif scan.verdict == "not-scanned":
            why = why or scan.reason
    if why:
        yield NotChecked(f"pickles were not scanned: {why}")


def pickles_only(repo: Repo) -> Iterator[Problem]:
    """Weights that come as pickles alone."""
    files = [file for file in repo.weights.files if file.role == "weights"]
    if any(file.format in ("safetensors", "gguf", "skops", "onnx", "flax", "tensorflow") for file in files):
        return
    held = [file.path for file in files if file.format in ("pytorch", "pickle") and file.content not in ("html", "text", "empty")]
    held.sort(key=lambda path: (path.count("/"), path))
    if held:
        more = f" and {len(held) - 1} more" if len(held) > 1 else ""
        message = f"the weights are pickles ('{held[0]}'{more}), and there is no safe copy beside them"
        yield Problem(_AT, message, value=held[0])


def executables(repo: Repo) -> Iterator[Problem]:
    """Programs and installers among the files, by their names or by the first bytes of weights."""
    suffixes = data.words("unsafe_files", "executable")
    held = [name for name in sorted(repo.names) if (match := _SUFFIX.search(name)) and match[1].lower() in suffixes]
    if held:
        shown = ", ".join(f"'{name}'" for name in held[:_SHOWN]) + (", …" if len(held) > _SHOWN else "")
        yield Problem("/repo/files", f"{'programs are' if len(held) > 1 else 'a program is'} among the files: {shown}", value=held[0])


def disguised(repo: Repo) -> Iterator[Problem]:
    """Weight files that are programs by their first bytes."""
    for file in repo.weights.files:
        if file.content is None and (head := repo.read_range(file.path, 0, 4)) and head.startswith(_MACHINE) and file.format != "llamafile":
            yield Problem(_AT, f"'{file.path}' is a program by its first bytes, no weights", value=file.path)
