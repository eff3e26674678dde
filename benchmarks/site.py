"""The pages of an audit: what a static site costs, and how fast a server answers.

    python benchmarks/site.py AUDIT_DIR [--serve-only]

``benchmarks/synthetic.py OUT --repos 1000000`` makes a store of any size. Times are CPU seconds; walls depend on who else is at work.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

PATHS = (
    *("overview", "repos", "repos?q=base&sort=errors", "repos?rule=LIC001&page=3", "repos?kind=model&undocumented=limitations&sort=score"),
    *("owners?least=5&sort=best", "findings?severity=warning"),
)


def static(audit: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "site"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "cardlint", "site", audit, "--out", str(out)], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        files = [path.stat().st_size for path in out.rglob("*") if path.is_file()]
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(
            f"site: {cpu:.1f} s of CPU, {after.ru_maxrss / 1024:.0f} MB; {len(files)} files, {sum(files) / 1e6:.0f} MB, the largest {max(files) / 1e6:.2f} MB"
        )


def served(audit: str) -> None:
    with subprocess.Popen([sys.executable, "-m", "cardlint", "serve", audit, "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        base = line.rstrip().rpartition(" at ")[2]
        print(f"serve: ready after {cpu_of(process.pid):.1f} s of CPU, {memory_of(process.pid, 'VmHWM'):.0f} MB at most")
        found = json.loads(get(f"{base}api/v1/repos?page=2"))["rows"] or json.loads(get(f"{base}api/v1/repos"))["rows"]
        for path in (*PATHS, f"repos/{found[0]['key']}", f"lineage/{found[0]['key']}", "repos.csv"):
            start, cpu = time.perf_counter(), cpu_of(process.pid)
            size = len(get(f"{base}api/v1/{path}"))
            print(f"  {path:55} {time.perf_counter() - start:7.3f} s, {cpu_of(process.pid) - cpu:6.2f} s of CPU, {size:>12,} bytes")
        print(f"  then {memory_of(process.pid, 'VmRSS'):.0f} MB")
        process.terminate()


def get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=300) as answer:
        return answer.read()


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def memory_of(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    if "--serve-only" not in sys.argv:
        static(sys.argv[1])
    served(sys.argv[1])
