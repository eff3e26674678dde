"""What the GitHub action runs: install cardlint into an environment of its own, check, write the summary and the outputs.

Inputs come as environment variables (never as pieces of a shell script), see ``action.yml``. Standard library alone.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

MOST_SUMMARY = 1_000_000
"""Bytes of a summary; the service takes 1 MiB of a step and drops what is larger."""
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+!-]{0,40}")
_CUT = "\n\nThe rest is in the report; the summary of a step holds no more.\n"


def main() -> int:
    """Run the step; the exit code is cardlint's."""
    work = Path(tempfile.mkdtemp(prefix="cardlint-", dir=os.environ.get("RUNNER_TEMP")))
    try:
        requirement = requirement_of(_input("VERSION"), Path(__file__).resolve().parents[2])
        arguments = arguments_of(_input("PATH"), _input("PROFILE"), _input("ARGS"), work)
    except ValueError as error:
        _say_error(str(error))
        return 2
    python = install(requirement, work)
    if python is None:
        _say_error(f"{requirement} could not be installed")
        return 2
    code = subprocess.run([str(python), "-I", "-m", "cardlint", *arguments], check=False).returncode  # noqa: S603  # a list, no shell
    if _input("SUMMARY").lower() not in ("false", "no", "0"):
        append_summary(work / "summary.md", os.environ.get("GITHUB_STEP_SUMMARY"))
    output(os.environ.get("GITHUB_OUTPUT"), {"exit-code": str(code), "report": str(work / "report.json")})
    return code


def requirement_of(version: str, action: Path) -> str:
    """What pip installs: a version from the registry, or the action's own checkout. Raises ValueError."""
    if not version:
        return str(action)
    if not _VERSION.fullmatch(version):
        raise ValueError(f"version {version!r} is no version number")
    return f"cardlint=={version}"


def arguments_of(paths: str, profile: str, more: str, work: Path) -> list[str]:
    """The arguments of cardlint. Raises ValueError where the further ones have an open quote."""
    reports = [f"--output=markdown={work / 'summary.md'}", f"--output=json={work / 'report.json'}"]
    given = [line.strip() for line in paths.splitlines() if line.strip()] or ["."]
    return ["check", "--format=github", *reports, f"--profile={profile or 'author'}", *shlex.split(more), "--", *given]


def install(requirement: str, work: Path) -> Path | None:
    """Install into a new environment; its Python, or None where that failed. pip's own output is folded."""
    environment = work / "venv"
    print("::group::Install cardlint", flush=True)
    made = subprocess.run([sys.executable, "-I", "-m", "venv", str(environment)], check=False).returncode == 0  # noqa: S603  # as above
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [str(python), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]
    done = made and subprocess.run(pip, check=False).returncode == 0  # noqa: S603  # as above
    print("::endgroup::", flush=True)
    return python if done else None


def append_summary(report: Path, summary: str | None) -> None:
    """Append the report to the summary of the step, cut at a line where it is too long."""
    if not summary or not report.is_file():
        return
    data = report.read_bytes()
    if len(data) > MOST_SUMMARY:
        data = data[: data.rfind(b"\n", 0, MOST_SUMMARY - len(_CUT)) + 1] + _CUT.encode()
    with Path(summary).open("ab") as stream:
        stream.write(data)


def output(file: str | None, values: dict[str, str]) -> None:
    """Write the outputs of the step."""
    if file:
        with Path(file).open("a", encoding="utf-8") as stream:
            stream.writelines(f"{name}={value}\n" for name, value in values.items())


def _input(name: str) -> str:
    return os.environ.get(f"CARDLINT_ACTION_{name}", "").strip()


def _say_error(message: str) -> None:
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::error title=cardlint::{escaped}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
