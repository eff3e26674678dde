"""Documents whose screens are what the commands print: those of `PAGES`. A test runs it with --check.

python tools/screens.py [--check]

A ``console`` block holds commands behind ``$``, each followed by what it prints on both outputs. A block below ``<!-- file: NAME -->`` is
written into NAME. Everything runs in a temporary copy of ``examples``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = tuple(ROOT / "docs" / name for name in ("getting-started.md", "hub.md"))
_BLOCK = re.compile(r"(?ms)^(?:<!-- file: (?P<file>\S+) -->\n)?(?P<fence>`{3,})(?P<language>\w+)\n(?P<text>.*?)^(?P=fence)$")
_RULES = re.compile(r", \d+ rules\)|(?m:^not checked: .*$)")
"""The number of rules grows while the screens stay true."""
_STATE = ".screens-folder"
_NOT_FOUND = 127
"""What a shell ends with where there is no such command."""


def told(page: str) -> str:
    """The page with what its commands print now."""
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        shutil.copytree(ROOT / "examples", top / "examples")
        place = top

        def block(match: re.Match[str]) -> str:
            nonlocal place
            if match["file"]:
                (place / match["file"]).write_text(match["text"], encoding="utf-8")
            if match["language"] != "console":
                return match[0]
            lines = []
            for command in (line[2:] for line in match["text"].splitlines() if line.startswith("$ ")):
                printed, place = _run(command, place, top)
                lines += [f"$ {command}\n", printed]
            return f"```console\n{''.join(lines)}```"

        return _BLOCK.sub(block, page)


def _run(command: str, place: Path, top: Path) -> tuple[str, Path]:
    """What a command prints, and the folder it leaves the shell in."""
    state = top / _STATE
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "NO_COLOR": "1", "GIT_CEILING_DIRECTORIES": str(top.parent)}
    script = f'{command}\nstatus=$?\npwd > "{state}"\nexit $status'
    done = subprocess.run(  # noqa: S603  # the commands of our own page
        ["sh", "-c", script],  # noqa: S607  # the shell of whoever runs this
        cwd=place,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode == _NOT_FOUND:
        raise FileNotFoundError(f"not installed here: {command}")
    return done.stdout, Path(state.read_text(encoding="utf-8").strip())


def main() -> int:
    """Write the pages, or with --check tell which are stale."""
    stale = 0
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        new = told(text)
        if "--check" not in sys.argv:
            page.write_text(new, encoding="utf-8")
        elif _RULES.sub(")", new) != _RULES.sub(")", text):
            print(f"{page.relative_to(ROOT)} does not show what its commands print: python tools/screens.py")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
