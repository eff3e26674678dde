"""The pytest plugin behind `benchmarks/mutation.py`: one collection, then a fork for each mutant.

First every test file runs in a fork of its own with nothing mutated; that tells which functions each test touches (also in processes that
it starts: they inherit the name of the test and of the file of notes) and how long it takes. Tests that fail then are left out. A mutant gets
the tests that touched its function; where that is one test of each file, then the other tests too, for whom it made a value once.
A function that was already called while the tests were collected has left its mark in this process: its mutants get a new one each.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import defaultdict
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import pytest
from _pytest.main import pytest_runtestloop as ordinary_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CURRENT, MUTANT, ASKED, NOTES, ONLY = "PYTEST_CURRENT_TEST", "MUTANT_UNDER_TEST", "MUTATION_ASKED", "MUTATION_NOTES", "MUTATION_ONLY"
MEMORY = 4 << 30


class Seen:
    """What the tests of this process did."""

    seconds: ClassVar[dict[str, float]] = defaultdict(float)
    failed: ClassVar[list[str]] = []


def pytest_configure() -> None:
    """Made-up inputs are the same for every mutant, and no smaller example is sought for one that fails."""
    from hypothesis import Phase, settings

    settings.register_profile("mutants", derandomize=True, database=None, deadline=None, phases=(Phase.explicit, Phase.generate))
    settings.load_profile("mutants")


def pytest_collectstart(collector: pytest.Collector) -> None:
    """What is called now belongs to the file."""
    os.environ[CURRENT] = f"{collector.nodeid} (collect)"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep what the parent wants to know."""
    Seen.seconds[report.nodeid] += report.duration
    if report.failed:
        Seen.failed.append(report.nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Take the place of pytest's own loop, but in a process that runs one mutant."""
    if ONLY in os.environ:
        by_id = {item.nodeid: item for item in session.items}
        wanted = json.loads(Path(os.environ[ONLY]).read_text(encoding="utf-8"))
        session.items = [by_id[each] for each in wanted if each in by_id]
        return None
    asked = json.loads(Path(os.environ[ASKED]).read_text(encoding="utf-8"))
    Runs(session, Path(os.environ[ASKED]).parent, asked["jobs"]).all(asked["names"], asked["budget"])
    return True


class Task(NamedTuple):
    """Tests to be run by one process under one mutant, and the CPU seconds that it has."""

    key: str
    mutant: str
    tests: list[str]
    limit: float
    forked: bool = True


class Runs:
    """All runs of one session."""

    def __init__(self, session: pytest.Session, folder: Path, jobs: int) -> None:
        self.session, self.folder, self.jobs = session, folder, jobs
        self.items = {item.nodeid: item for item in session.items}
        self.seconds: dict[str, float] = {}
        self.touching: dict[str, set[str]] = defaultdict(set)
        self.called_early: set[str] = set()
        self.spawned: list[subprocess.Popen[bytes]] = []

    def all(self, names: list[str], budget: float) -> None:
        """The tests as they are, then the mutants; one line of results each."""
        self._time()
        tasks = [self._task(name, budget) for name in names]
        with (self.folder / "results.jsonl").open("w", encoding="utf-8") as results:

            def judged(task: Task, code: int, said: dict[str, Any], seconds: float) -> None:
                by = said.get("failed") or ([] if code == 0 else [f"ended with {code}"])
                row = {"name": task.key, "killed": bool(by), "by": by[:1], "tests": len(task.tests), "seconds": round(seconds, 1)}
                results.write(json.dumps(row) + "\n")
                results.flush()

            self._run(tasks, judged)

    def _time(self) -> None:
        """Which tests pass, how long they take and what they touch."""
        files: dict[str, list[str]] = defaultdict(list)
        for each in self.items:
            files[each.split("::")[0]].append(each)

        def timed(_task: Task, _code: int, said: dict[str, Any], _seconds: float) -> None:
            self.seconds |= {test: seconds for test, seconds in said.get("seconds", {}).items() if test not in said["failed"]}

        self._run([Task(file, "stats", tests, 900) for file, tests in files.items()], timed)
        left_out = sorted(self.items.keys() - self.seconds.keys())
        told = "".join(f"\n  {each}" for each in left_out[:20])
        self.session.config.get_terminal_writer().line(f"{len(self.seconds)} tests; {len(left_out)} left out, as they fail unmutated{told}")
        for line in Path(os.environ[NOTES]).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            self.touching[row["function"]].add(row["test"])
            if row["collected"]:
                self.called_early.add(row["function"])

    def _task(self, name: str, budget: float) -> Task:
        function = name.rpartition("__mutmut_")[0]
        touching = self.touching[function]
        files = {test.split("::")[0] for test in touching}
        tests = list(self._quickest(touching, budget))
        if len(touching) <= len(files):
            beside = (test for test in self.seconds if test not in touching and test.split("::")[0] in files)
            tests += self._quickest(beside, budget)
        return Task(name, name, tests, 5 + 4 * sum(self.seconds[test] for test in tests), function not in self.called_early)

    def _quickest(self, tests: Iterable[str], budget: float) -> Iterable[str]:
        for test in sorted((test for test in tests if test in self.seconds), key=lambda test: (self.seconds[test], test)):
            budget -= self.seconds[test]
            if budget < 0:
                return
            yield test

    def _run(self, tasks: list[Task], done: Callable[[Task, int, dict[str, Any], float], None]) -> None:
        """Each task in a process of its own, at most ``jobs`` at a time; ``done`` gets the exit code and what the child wrote."""
        waiting, running, number = list(reversed(tasks)), {}, count()
        while waiting or running:
            while waiting and len(running) < self.jobs:
                task, note = waiting.pop(), self.folder / f"said-{next(number)}.json"
                if not task.tests:
                    done(task, 0, {}, 0)
                    continue
                running[self._start(task, note)] = (task, note, time.monotonic())
            time.sleep(0.02)
            for pid, (task, note, began) in list(running.items()):
                ended, status = os.waitpid(pid, os.WNOHANG)
                seconds = time.monotonic() - began
                if not ended and seconds < 30 + 4 * task.limit:
                    continue
                os.killpg(pid, signal.SIGKILL) if not ended else _kill_left(pid)
                code = os.waitstatus_to_exitcode(status) if ended else -os.waitpid(pid, 0)[1]
                done(task, code, json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}, seconds)
                note.unlink(missing_ok=True)
                del running[pid]

    def _start(self, task: Task, note: Path) -> int:
        return self._fork(task, note) if task.forked else self._spawn(task, note)

    def _fork(self, task: Task, note: Path) -> int:
        sys.stdout.flush()
        if pid := os.fork():
            return pid
        code = 99
        try:
            _prepare(task)
            self.session.items = [self.items[each] for each in task.tests]
            if task.mutant != "stats":
                self.session.config.option.maxfail = 1
            try:
                ordinary_loop(self.session)
            except self.session.Failed:
                pass
            note.write_text(json.dumps({"seconds": Seen.seconds, "failed": Seen.failed}), encoding="utf-8")
            code = 1 if Seen.failed else 0
        finally:
            os._exit(code)

    def _spawn(self, task: Task, note: Path) -> int:
        """The same in a new process, for what was already called in this one."""
        only = note.with_suffix(".only")
        only.write_text(json.dumps(task.tests), encoding="utf-8")
        files = sorted({test.split("::")[0] for test in task.tests})
        command = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=no", "-p", "mutation_session", "-p", "no:cacheprovider", *files]
        environment = {**os.environ, MUTANT: task.mutant, ONLY: str(only)}
        silent = subprocess.DEVNULL
        self.spawned.append(subprocess.Popen(command, env=environment, stdout=silent, stderr=silent, start_new_session=True))
        return self.spawned[-1].pid


def _prepare(task: Task) -> None:
    """Make a fork fit for a mutant: silent, bounded, a group of its own."""
    os.setsid()
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    limit = int(task.limit) + 1
    used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
    resource.setrlimit(resource.RLIMIT_CPU, (used + limit, used + limit + 5))
    os.environ[MUTANT] = task.mutant


def _kill_left(group: int) -> None:
    """End what the tests of an ended process left running."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass
