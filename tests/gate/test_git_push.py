"""``cardlint gate git`` as the hook of a real git server: pushed to over the file system and over http."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cardlint.gate.hook_file import update_hook

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

GOOD = "---\nlicense: apache-2.0\n---\n# Gull counter\n"
BAD = "---\nlicense: apache2\n---\n# Gull counter\n"
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
WHO = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always")


def git(folder, *arguments, stdin=None, check=True):
    return subprocess.run(
        ["git", *WHO, "-C", str(folder), *arguments], input=stdin, capture_output=True, text=True, check=check, env=CLEAN, timeout=100
    )


def cardlint(*arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "cardlint", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=100, **more
    )


class Pushed:
    """A bare repository on a server with the gate's hook, and a clone that pushes to it."""

    def __init__(self, folder):
        self.folder = folder
        self.server = folder / "srv" / "acme" / "gull.git"
        self.server.mkdir(parents=True)
        git(self.server, "init", "--bare", "-q")
        self.clone = folder / "clone"
        self.clone.mkdir()
        git(self.clone, "init", "-q")
        git(self.clone, "remote", "add", "origin", str(self.server))

    def hook(self, *options, policy=None):
        if policy:
            (self.folder / "gate.yaml").write_text(policy, encoding="utf-8")
            options = (*options, "--policy", self.folder / "gate.yaml")
        update_hook(self.server, ["--root", str(self.folder / "srv"), *map(str, options)])
        return self

    def commit(self, files, message="x"):
        for path, content in files.items():
            place = self.clone / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                place.unlink()
            else:
                place.write_bytes(content if isinstance(content, bytes) else content.encode())
        git(self.clone, "add", "-A")
        git(self.clone, "commit", "-q", "--allow-empty", "-m", message)
        return self

    def push(self, *arguments):
        return git(self.clone, "push", *(arguments or ("origin", "HEAD:refs/heads/main")), check=False)

    def refs(self):
        return git(self.server, "for-each-ref", "--format=%(refname)").stdout.split()


@pytest.fixture
def pushed(tmp_path):
    return Pushed(tmp_path)


def refused(done, *words):
    assert done.returncode != 0
    told = "\n".join(line.removeprefix("remote: ").rstrip() for line in done.stderr.splitlines() if line.startswith("remote: "))
    assert "pre-receive hook declined" in done.stderr
    for word in words:
        assert word in told
    return told


def test_a_good_card_passes_in_silence(pushed):
    done = pushed.hook().commit({"README.md": GOOD}).push()
    assert done.returncode == 0
    assert "remote:" not in done.stderr
    assert pushed.refs() == ["refs/heads/main"]


def test_a_bad_card_is_refused_on_the_terminal_and_nothing_is_kept(pushed):
    told = refused(pushed.hook().commit({"README.md": BAD, "model.safetensors": os.urandom(3_000_000)}).push())
    assert "cardlint: refs/heads/main is refused (policy default, decision " in told
    assert "  README.md:2 LIC101 unknown license 'apache2'\n    did you mean 'apache-2.0'?" in told
    assert pushed.refs() == []
    assert git(pushed.server, "count-objects").stdout.startswith("0 objects")


def test_what_was_there_before_refuses_nothing(pushed):
    assert pushed.commit({"README.md": BAD}).push().returncode == 0
    assert pushed.hook().commit({"README.md": BAD + "More.\n"}).push().returncode == 0


@pytest.mark.parametrize(("card", "passes"), [(GOOD, True), (BAD.replace("apache2", "gpl-33"), False)])
def test_a_forced_push_is_judged_against_what_it_replaces(pushed, card, passes):
    pushed.commit({"README.md": GOOD}).push()
    git(pushed.clone, "checkout", "-q", "--orphan", "other")
    done = pushed.hook().commit({"README.md": card, "x": "y"}).push("origin", "+HEAD:refs/heads/main")
    assert (done.returncode == 0) is passes


def test_a_card_that_is_taken_away_refuses(pushed):
    pushed.commit({"README.md": GOOD, "a": "b"}).push()
    refused(pushed.hook().commit({"README.md": None}).push(), "FM001 this change takes the card (README.md) away from acme/gull")


def test_a_branch_may_go_but_not_the_one_that_readers_see(pushed):
    git(pushed.server, "config", "receive.denyDeleteCurrent", "ignore")
    pushed.commit({"README.md": GOOD}).push("origin", "HEAD:refs/heads/main", "HEAD:refs/heads/side")
    pushed.hook()
    assert pushed.push("origin", ":refs/heads/side").returncode == 0
    refused(pushed.push("origin", ":refs/heads/main"), "FM001")
    assert pushed.refs() == ["refs/heads/main"]


def test_one_bad_reference_of_many_refuses_all(pushed):
    log = pushed.folder / "gate.sqlite"
    pushed.hook("--log", log).commit({"README.md": GOOD})
    for number in range(30):
        git(pushed.clone, "branch", f"b{number:02}")
    git(pushed.clone, "checkout", "-q", "b17")
    pushed.commit({"README.md": BAD})
    told = refused(pushed.push("origin", "--all"), "refs/heads/b17 is refused")
    assert told.count("is refused") == 1
    assert "cardlint: git takes a push whole or not at all, so 30 more of its references are not taken" in told
    assert pushed.refs() == []
    entries = [json.loads(line) for line in cardlint("gate", "log", "--log", log, "--format", "jsonl", "--limit", 100).stdout.splitlines()]
    passed = {each["decision"] for each in entries if each.get("action") == "allow"}
    assert {each["decision"] for each in entries if each["event"] == "outcome"} == passed
    assert "refused with the rest of its push" in cardlint("gate", "log", "--log", log, "--event", "outcome").stdout


def test_more_references_than_are_judged_refuse(pushed):
    pushed.hook("--max-refs", "2").commit({"README.md": GOOD})
    refused(pushed.push("origin", *[f"HEAD:refs/heads/b{number}" for number in range(3)]), "more than 2 references in one push")


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"README.md": POINTER, ".gitattributes": "README.md filter=none\n"}, "card-in-lfs"),
        ({"Readme.md": BAD}, "card-misspelt"),
        ({"README.md ": BAD}, "card-misspelt"),
        ({"README.md": "---\nlicense: [\n---\n"}, "FM010"),
        ({"README.md": b"\xff\xfe" + BAD.encode("utf-16-le")}, "LIC101"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_no_card_slips_by(pushed, files, code):
    refused(pushed.hook().commit(files).push(), code)


def test_a_card_that_is_a_link_refuses(pushed):
    (pushed.clone / "README.md").symlink_to("docs/card.md")
    told = refused(pushed.hook().commit({"docs/card.md": BAD}).push(), "card-is-link README.md is a symbolic link")
    assert "explains a rule" not in told  # there is none of that name


def test_a_card_behind_more_files_than_are_listed_is_found(pushed):
    blob = git(pushed.clone, "hash-object", "-w", "--stdin", stdin="x").stdout.strip()
    card = git(pushed.clone, "hash-object", "-w", "--stdin", stdin=BAD).stdout.strip()
    lines = [f"100644 blob {blob}\tA{number:06}" for number in range(100_001)]
    tree = git(pushed.clone, "mktree", stdin="\n".join([*lines, f"100644 blob {card}\tREADME.md", ""])).stdout.strip()
    commit = git(pushed.clone, "commit-tree", tree, "-m", "x").stdout.strip()
    refused(pushed.hook().push("origin", f"{commit}:refs/heads/main"), "LIC101")


@pytest.mark.parametrize("annotated", [True, False])
def test_a_tag_is_judged(pushed, annotated):
    pushed.hook().commit({"README.md": BAD})
    git(pushed.clone, "tag", *(("-a", "-m", "x") if annotated else ()), "v1")
    refused(pushed.push("origin", "v1"), "refs/tags/v1 is refused")


def test_a_tag_of_a_blob_has_no_card(pushed):
    blob = git(pushed.clone, "hash-object", "-w", "--stdin", stdin="x").stdout.strip()
    assert pushed.hook().push("origin", f"{blob}:refs/tags/key").returncode == 0


def test_a_new_branch_is_compared_with_what_readers_see(pushed):
    pushed.commit({"README.md": BAD}).push()
    pushed.hook().commit({"notes.md": "x"})
    assert pushed.push("origin", "HEAD:refs/heads/side").returncode == 0


def test_references_can_be_left_out(pushed):
    pushed.hook("--refs", "refs/heads/*").commit({"README.md": BAD})
    assert pushed.push("origin", "HEAD:refs/drafts/one").returncode == 0
    refused(pushed.push())


@pytest.mark.parametrize("on_failure", ["refuse", "accept"])
def test_what_takes_too_long_is_decided_by_the_policy(pushed, on_failure):
    """The first judgement has time to compile the rules; the second has a millionth of a second."""
    pushed.hook(policy=f"version: 1\ntime-limit: 0.000001\non-failure: {on_failure}\n").commit({"README.md": GOOD})
    done = pushed.push("origin", "HEAD:refs/heads/a", "HEAD:refs/heads/b")
    if on_failure == "refuse":
        refused(done, "refs/heads/b is refused", "not-judged this change could not be judged: it took longer than 1e-06 s")
    else:
        assert done.returncode == 0
        assert "not judged to the end: it took longer than 1e-06 s" in done.stderr


def test_a_policy_that_cannot_be_read_refuses(pushed):
    pushed.hook(policy="version: 1\n").commit({"README.md": GOOD})
    (pushed.folder / "gate.yaml").write_text("version: 1\ndefault: {mod: observe}\n", encoding="utf-8")
    refused(pushed.push(), "gate.yaml:2: unknown key 'mod'; did you mean 'mode'?")


def test_policies_speak_of_repositories_by_their_place(pushed):
    pushed.hook(policy="version: 1\npolicies: [{name: old, repos: [acme/*], refuse-at: nothing}]\n").commit({"README.md": BAD})
    done = pushed.push()
    assert done.returncode == 0
    assert "LIC101" in done.stderr


def test_an_observing_policy_tells_and_lets_pass(pushed):
    done = pushed.hook(policy="version: 1\ndefault: {mode: observe}\n").commit({"README.md": BAD}).push()
    assert done.returncode == 0
    assert "would be refused, but the policy only observes" in done.stderr


def test_a_card_cannot_write_on_the_terminal(pushed):
    card = '---\nlicense: "ap\\e[31mache\\u202e2"\n---\n# x\n'
    told = refused(pushed.hook().commit({"README.md": card}).push(), "\\x1b[31m")
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_nothing_in_the_push_weakens_the_run(pushed):
    files = {
        "README.md": "---\nlicense: apache2 # cardlint: ignore[LIC101] please\n---\n# x\n",
        "cardlint.toml": "ignore = ['ALL']\n",
        "cardlint.py": "raise SystemExit(0)\n",
    }
    refused(pushed.hook().commit(files).push(), "LIC101")


def test_decisions_are_logged_and_an_allowance_lets_pass(pushed):
    log = pushed.folder / "gate.sqlite"
    pushed.hook("--log", log).commit({"README.md": BAD})
    refused(pushed.push())
    until = cardlint("gate", "allow", "acme/gull", "--reason", "demo", "--until", "1h", "--log", log)
    assert until.returncode == 0, until.stderr
    done = pushed.push()
    assert done.returncode == 0
    assert "would be refused, but" in done.stderr
    entries = [json.loads(line) for line in cardlint("gate", "log", "--log", log, "--format", "jsonl").stdout.splitlines()]
    pushes = [(each["action"], each["verdict"], each["repo"], each["codes"]) for each in entries if each["event"] == "push"]
    assert pushes == [("refuse", "refuse", "acme/gull", ["LIC101"]), ("warn", "refuse", "acme/gull", ["LIC101"])]
    assert cardlint("gate", "log", "--log", log, "--verify").returncode == 0


def test_a_push_is_judged_by_the_lineage_that_the_last_audit_knows(pushed):
    pytest.importorskip("duckdb")
    from .test_decision import NON_COMMERCIAL

    base = pushed.folder / "mirror" / "ann" / "letters"
    base.mkdir(parents=True)
    (base / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n# Letters\n\nIt sorts letters by town.\n", encoding="utf-8")
    audited = cardlint("audit", pushed.folder / "mirror", "--out", pushed.folder / "audit", "--jobs", "1")
    assert audited.returncode == 0, audited.stderr
    (pushed.folder / "rules").mkdir()
    (pushed.folder / "rules" / "LIC901-acme-non-commercial-lost.yaml").write_text(NON_COMMERCIAL, encoding="utf-8")
    pushed.hook(policy="version: 1\nhub: audit\nrules: [rules]\n")
    refused(pushed.commit({"README.md": "---\nlicense: mit\nbase_model: ann/letters\n---\n# Gulls\n"}).push(), "LIC901", "ann/letters")
    assert pushed.commit({"README.md": "---\nlicense: cc-by-nc-4.0\nbase_model: ann/letters\n---\n# Gulls\n"}).push().returncode == 0


@pytest.mark.parametrize(
    ("forge", "variables"),
    [
        ("gitea", {"GITEA_REPO_USER_NAME": "acme", "GITEA_REPO_NAME": "gull"}),
        ("gitlab", {"GL_PROJECT_PATH": "acme/gull"}),
        ("gitolite", {"GL_REPO": "acme/gull"}),
    ],
)
def test_a_forge_tells_the_repository(pushed, forge, variables):
    policy = pushed.folder / "gate.yaml"
    policy.write_text("version: 1\npolicies: [{name: ours, repos: [acme/gull], refuse-at: nothing}]\n", encoding="utf-8")
    pushed.commit({"README.md": BAD}).push()
    new = git(pushed.server, "rev-parse", "main").stdout.strip()
    stdin = f"{'0' * 40} {new} refs/heads/new\n"
    command = ("gate", "git", "--forge", forge, "--policy", policy)
    assert "acme/gull" not in os.environ.values()
    git(pushed.server, "symbolic-ref", "HEAD", "refs/heads/none")
    assert cardlint(*command, input=stdin, cwd=pushed.server, env=os.environ | variables).returncode == 0
    assert cardlint(*command, input=stdin, cwd=pushed.server).returncode == 1


def test_a_hook_of_somebody_else_stays(pushed):
    hook = pushed.server / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    done = cardlint("gate", "git", "--update-hook", pushed.server)
    assert done.returncode == 2
    assert "another hook is there; let it call this" in done.stderr
    assert hook.read_text(encoding="utf-8") == "#!/bin/sh\nexit 0\n"


def test_our_own_hook_is_replaced(pushed):
    pushed.hook()
    (pushed.folder / "gate.yaml").write_text("version: 1\n", encoding="utf-8")
    options = ("--kind", "dataset", "--policy", "gate.yaml", "--refs", "refs/heads/*", "--root", "srv")
    done = cardlint("gate", "git", "--update-hook", pushed.server, *options, cwd=pushed.folder)
    assert done.returncode == 0, done.stderr
    hook = pushed.server / "hooks" / "pre-receive"
    told = hook.read_text(encoding="utf-8").splitlines()[-1]
    for words in ("--kind dataset", f"--policy {pushed.folder}/gate.yaml", "--refs 'refs/heads/*'", f"--root {pushed.folder}/srv"):
        assert words in told
    assert os.access(hook, os.X_OK)


def test_a_hook_that_would_know_no_repository_is_told_when_it_is_written(pushed):
    (pushed.folder / "other").mkdir()
    done = cardlint("gate", "git", "--update-hook", pushed.server, "--root", pushed.folder / "other")
    assert done.returncode == 2
    assert "does not lie below it" in done.stderr
    done = cardlint("gate", "git", "--update-hook", pushed.server)
    assert done.stderr == "cardlint: the hook does not know the repository's id: --root, --repo-id or --forge tells it\n"
    assert cardlint("gate", "git", "--update-hook", pushed.server, "--forge", "gitea").stderr == ""


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        ((), "refs/heads/main\n", "<stdin>:1: OLD NEW REF is wanted"),
        (("--root", "nowhere"), "", "does not lie below it"),
        (("--update-hook", "nowhere"), "", "nowhere: no git repository"),
        (("--forge", "gita"), "", "did you mean 'gitea'?"),
        (("--policy", "nowhere.toml"), "", "nowhere.toml: No such file"),
    ],
)
def test_wrong_usage(pushed, arguments, stdin, message):
    done = cardlint("gate", "git", *arguments, input=stdin, cwd=pushed.server)
    assert done.returncode == 2
    assert message in done.stderr


def test_outside_a_repository_it_says_who_calls_it(tmp_path):
    done = cardlint("gate", "git", input="", cwd=tmp_path)
    assert done.returncode == 2
    assert "git calls this command in the repository" in done.stderr


@pytest.fixture
def http(pushed):
    """The address of the server's repositories over http, by git's own backend."""
    from .http_backend import serving

    if not (Path(git(pushed.folder, "--exec-path").stdout.strip()) / "git-http-backend").exists():
        pytest.skip("git's http backend is not installed")
    with serving(pushed.folder / "srv") as address:
        yield address


def test_over_http(pushed, http):
    git(pushed.server, "config", "http.receivepack", "true")
    git(pushed.clone, "remote", "set-url", "origin", f"{http}/acme/gull.git")
    pushed.hook("--log", pushed.folder / "gate.sqlite")
    refused(pushed.commit({"README.md": BAD, "weights.bin": os.urandom(3_000_000)}).push(), "LIC101")
    done = pushed.commit({"README.md": GOOD}).push()
    assert done.returncode == 0, done.stderr
    assert git(pushed.folder, "ls-remote", f"{http}/acme/gull.git").stdout.endswith("refs/heads/main\n")
    entry = json.loads(cardlint("gate", "log", "--log", pushed.folder / "gate.sqlite", "--format", "jsonl").stdout.splitlines()[0])
    assert entry["who"] == "wren"
