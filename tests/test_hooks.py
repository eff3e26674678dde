"""Hooks of pre-commit and the GitHub action: the real ``pre-commit try-repo`` on a clone, the action's own script, its file."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
BAD = "---\nlicense: apache2\n---\n# Gull counter\n"
FINE = "---\nlicense: mit\n---\n# Gull counter\n"
NO_CARD = "# A program\n\nIt counts.\n"

needs_git = pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="not in a clone of the project")


def run(*command, cwd, env=None, timeout=600):
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def git(folder, *arguments):
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
    done = run("git", *identity, *arguments, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone of the project as it is committed."""
    folder = tmp_path_factory.mktemp("clone") / "cardlint"
    git(ROOT, "clone", "-q", "--no-hardlinks", ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """pre-commit's environments, shared by the tests of this module."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def cards(tmp_path):
    """A git repository with cards and READMEs that are none, staged."""
    folder = tmp_path / "work"
    for name, text in {"README.md": NO_CARD, "a/README.md": BAD, "b/README.md": FINE, "docs/README.md": NO_CARD, "a/notes.md": BAD}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    return folder


@pytest.fixture
def hook(clone, cache, cards):
    """Run a hook of the clone on all files, or on those that are given."""
    pytest.importorskip("pre_commit", reason="pre-commit is not installed (pip install cardlint[dev])")

    def call(name, *files):
        which = ("--files", *files) if files else ("--all-files",)
        done = run(sys.executable, "-m", "pre_commit", "try-repo", clone, name, *which, cwd=cards, env={"PRE_COMMIT_HOME": str(cache)})
        if "No matching distribution" in done.stdout + done.stderr or "Could not find a version" in done.stdout + done.stderr:
            pytest.skip("no package registry can be reached")
        return done

    return call


@needs_git
def test_pre_commit_judges_the_cards_alone(hook):
    done = hook("cardlint")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "a/README.md:2:10" in done.stdout
    assert "of 2 cards" in done.stdout
    assert "docs/README.md" not in done.stdout


@needs_git
def test_pre_commit_passes_a_readme_that_is_no_card(hook):
    done = hook("cardlint", "README.md", "docs/README.md")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout


@needs_git
def test_pre_commit_mends(hook, cards):
    first = hook("cardlint-fix")
    assert first.returncode == 1, first.stdout + first.stderr
    assert "files were modified by this hook" in first.stdout
    assert (cards / "a" / "README.md").read_text() == BAD.replace("apache2", "apache-2.0")
    assert (cards / "a" / "notes.md").read_text() == BAD
    assert (cards / "README.md").read_text() == NO_CARD
    git(cards, "add", ".")
    assert hook("cardlint-fix").returncode == 0


@needs_git
def test_the_pre_push_hook_of_the_documents_refuses_and_lets_through(cards, tmp_path):
    page = (ROOT / "docs" / "hooks.md").read_text()
    script = page.partition("<!-- set-up: pre-push -->\n")[2].partition("```sh\n")[2].partition("```")[0]
    place = cards / ".git" / "hooks" / "pre-push"
    place.write_text(script)
    place.chmod(0o755)
    git(cards, "commit", "-qm", "cards")
    git(tmp_path, "init", "-q", "--bare", "far.git")
    git(cards, "remote", "add", "origin", tmp_path / "far.git")
    env = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    refused = run("git", "push", "-q", "origin", "HEAD:main", cwd=cards, env=env)
    assert refused.returncode != 0
    assert "LIC101" in refused.stdout + refused.stderr
    (cards / "a" / "README.md").write_text(FINE)
    git(cards, "commit", "-qam", "mended")
    pushed = run("git", "push", "-q", "origin", "HEAD:main", cwd=cards, env=env)
    assert pushed.returncode == 0, pushed.stdout + pushed.stderr
    (cards / "b" / "README.md").write_text(BAD)
    git(cards, "commit", "-qam", "worse")
    assert run("git", "push", "-q", "origin", "HEAD:main", cwd=cards, env=env).returncode != 0


def script():
    spec = importlib.util.spec_from_file_location("action_run", ROOT / "tools" / "action" / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


needs_checkout = pytest.mark.skipif(not (ROOT / "action.yml").exists(), reason="not in a checkout of the project")


@needs_checkout
def test_the_actions_inputs_are_words_and_never_shell(tmp_path):
    words = script().arguments_of("a b\n\n--help\n$(id)", "", "--ignore 'LIC, DOC' --preview", tmp_path)
    assert words[0] == "check"
    assert words[5:] == ["--ignore", "LIC, DOC", "--preview", "--", "a b", "--help", "$(id)"]
    assert words[4] == "--profile=author"


@needs_checkout
@pytest.mark.parametrize("version", ["1; id", "--index-url=https://evil.example", "git+https://evil.example/x", "../x"])
def test_the_actions_version_is_a_version(version):
    with pytest.raises(ValueError, match="is no version number"):
        script().requirement_of(version, ROOT)


@needs_checkout
def test_the_actions_summary_is_cut_at_a_line(tmp_path):
    report, summary = tmp_path / "report.md", tmp_path / "summary.md"
    report.write_text("| a row |\n" * 200_000)
    script().append_summary(report, str(summary))
    text = summary.read_text()
    assert len(text) <= script().MOST_SUMMARY
    assert text.endswith("| a row |\n\n\nThe rest is in the report; the summary of a step holds no more.\n")


@needs_checkout
@needs_git
def test_the_action_runs(clone, tmp_path):
    work, summary, outputs = tmp_path / "work", tmp_path / "summary.md", tmp_path / "outputs"
    (work / "a").mkdir(parents=True)
    (work / "a" / "README.md").write_text(BAD)
    inputs = {"PATH": ".", "PROFILE": "author", "VERSION": "", "ARGS": "--select LIC101", "SUMMARY": "true"}
    env = {f"CARDLINT_ACTION_{name}": value for name, value in inputs.items()}
    service = {"RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(outputs)}
    done = run(sys.executable, "-I", clone / "tools" / "action" / "run.py", cwd=work, env=env | service)
    if "No matching distribution" in done.stderr or "Could not find a version" in done.stderr:
        pytest.skip("no package registry can be reached")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "::error file=a/README.md,line=2,endLine=2,col=10,endColumn=17,title=LIC101 unknown-license::" in done.stdout
    assert "| error | LIC101 unknown-license | 2:10 |" in summary.read_text()
    told = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
    assert told["exit-code"] == "1"
    assert json.loads(Path(told["report"]).read_text())["summary"]["findings"]["error"] == 1


@needs_checkout
def test_the_actions_file_hands_inputs_over_as_environment():
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        assert "inputs." not in step.get("run", "")
    last = action["runs"]["steps"][-1]
    assert {f"CARDLINT_ACTION_{name.upper().replace('-VERSION', '')}" for name in action["inputs"]} == set(last["env"])


@needs_checkout
def test_files_are_valid_by_the_services_schema(tmp_path):
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed (pip install cardlint[dev])")
    page = (ROOT / "docs" / "hooks.md").read_text()
    workflow = tmp_path / "cards.yml"
    workflow.write_text(page.partition("# .github/workflows/cards.yml\n")[2].partition("```")[0])
    for schema, file in {"vendor.github-actions": ROOT / "action.yml", "vendor.github-workflows": workflow}.items():
        done = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file, cwd=ROOT)
        assert done.returncode == 0, done.stdout + done.stderr


@needs_checkout
def test_hooks_name_a_version_of_python_and_isolate_it():
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [each["id"] for each in hooks] == ["cardlint", "cardlint-fix"]
    assert all(each["entry"].startswith("python -I -m cardlint check --only-cards") for each in hooks)
