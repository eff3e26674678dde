"""Malformed and hostile cards, each in a process of its own: what is said, CPU seconds, memory; and what peers did with the like.

python benchmarks/malformed.py > table.md
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PEERS = {
    "empty": (9, 3, 0, 0),
    "no front matter": (7, 3, 0, 0),
    "not closed": (7, 5, 0, 0),
    "invalid yaml": (9, 4, 0, 0),
    "duplicate keys": (9, 6, 0, 0),
    "byte order mark": (9, 2, 0, 0),
    "crlf": (9, 0, 0, 0),
    "cr only": (9, 3, 0, 0),
    "latin-1": (11, 5, 4, 0),
    "utf-16": (9, 3, 4, 0),
    "nul bytes": (9, 9, 0, 0),
    "yaml list": (9, 4, 0, 0),
    "yaml scalar": (9, 4, 0, 0),
    "wrong types": (8, 4, 1, 0),
    "alias bomb": (11, 0, 0, 3),
    "python tag": (7, 1, 0, 0),
    "deep nesting": (11, 0, 3, 0),
    "50 MB, many lines": (8, 0, 0, 2),
    "50 MB, one line": (8, 0, 0, 1),
    "200,000 tags": (11, 0, 0, 1),
    "heading inside a code fence": (7, 2, 0, 0),
    "setext and HTML headings": (7, 4, 0, 0),
}
"""Of so many tools that take such a file (eleven linters and card tools, one process a file, 60 s): how many were silent or
wrong, ended in a traceback or a crash, hung."""


def shapes() -> dict[str, bytes]:
    from tests.test_hostile import LINES, SHAPES

    made = {name: data for name, (data, _) in SHAPES.items()}
    made["50 MB, many lines"] = LINES.encode() * 770_000
    made["50 MB, one line"] = b"a" * 50_000_000
    return made


def written(folder: Path) -> list[str]:
    """Write the shapes in a process of its own, whose memory would count as that of the next one; their names."""
    builder = os.fork()
    if builder == 0:
        for number, data in enumerate(shapes().values()):
            (folder / str(number)).mkdir()
            (folder / str(number) / "README.md").write_bytes(data)
        (folder / "names").write_text("\n".join(shapes()), encoding="utf-8")
        os._exit(0)
    os.waitpid(builder, 0)
    return (folder / "names").read_text(encoding="utf-8").splitlines()


def run(path: Path) -> tuple[str, float, float]:
    """What is said (codes of faults of form, or a failure), CPU seconds, MB at most."""
    command = [sys.executable, "-m", "cardlint", "check", os.fspath(path), "--profile", "audit", "--preview", "--format", "json"]
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, cwd=ROOT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        (card,) = json.loads(out.read())["cards"]
    assert b"Traceback" not in (process.stderr.read() if process.stderr else b"")
    codes = dict.fromkeys(each["code"] for each in card["findings"] if each["code"].startswith(("FM", "SEC", "MET003")))
    said = card["failure"] or ", ".join(codes) or "read as it is"
    return said, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> int:
    bad = 0
    print("| shape | bytes | said of its form | CPU s | MB | peers: silent or wrong, crash, hang |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        names = written(Path(folder))
        for number, name in enumerate(names):
            path = Path(folder) / str(number) / "README.md"
            size = path.stat().st_size
            said, seconds, memory = run(path)
            peers = PEERS.get(name)
            told = f"{peers[1]}, {peers[2]}, {peers[3]} of {peers[0]}" if peers else ""
            print(f"| {name} | {size:,} | {said} | {seconds:.2f} | {memory:.0f} | {told} |", flush=True)
            bad += memory > 500 or seconds > (5 if size > 40_000_000 else 2)
    return bad


if __name__ == "__main__":
    sys.exit(main())
