"""What changed since an earlier revision: each rule by itself on real git histories, a clean twin of each, and how it is called."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Selected
from cardlint.repo import samples
from cardlint.sources.paths import from_path
from cardlint.sources.revisions import at_revision, with_earlier
from tests.sources.test_git import commit, run

if TYPE_CHECKING:
    from pathlib import Path

    from cardlint.model import Outcome

RULES = [Selected(rule, "warning") for rule in shipped() if "revisions" in rule.tags]
PLAN = Plan(tuple(RULES), {})


def card(body: str = "It counts gulls on photographs of roofs.", title: str = "Gull counter", **metadata: str) -> str:
    block = "".join(f"{key}: {value}\n" for key, value in {"license": "mit", **metadata}.items())
    return f"---\n{block}---\n# {title}\n{body}\n"


def weights(size: int, fill: int = 0) -> bytes:
    return samples.safetensors({"w": {"dtype": "F16", "shape": [size]}}).replace(b"\0\0", bytes([fill, fill]))


def pointer(letter: str, size: int = 5_000) -> str:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{letter * 64}\nsize {size}\n"


def config(**settings: object) -> str:
    return json.dumps({"model_type": "flockformer", **settings})


CODE = {"auto_map": {"AutoModel": "modeling_flock.FlockModel"}}
LOADS = "```python\nfrom transformers import pipeline\npipe = pipeline(model='acme/{}')\n```"
LIMITS = "It counts gulls.\n## Limitations\nThe model fails at night, on snow, and where more than forty gulls overlap on a single roof.\n"
RESULT = "It counts gulls{}.\n## Evaluation\nThe accuracy is {} on the test set of roofs."
OWN = "Use it as you like"
BASE = "Fine-tuned from {} on photographs."

# code: files before, files after, files after in the clean twin
CASES: dict[str, tuple[dict, dict, dict]] = {
    "ART900": (
        {"README.md": card(), "model.safetensors": weights(6)},
        {"model.safetensors": weights(8)},
        {"model.safetensors": weights(8), "README.md": card("It counts gulls, in the second training also at night.")},
    ),
    "ART900-pointers": (
        {"README.md": card(), "model.safetensors": pointer("a")},
        {"model.safetensors": pointer("b")},
        {"config.json": config()},
    ),
    "ART900-same-size": (
        {"README.md": card(), "pytorch_model.bin": bytes(5_000_000)},
        {"pytorch_model.bin": bytes(4_999_999) + b"1"},
        {"pytorch_model.bin": bytes(5_000_000), "model.onnx": b"more"},
    ),
    "ART900-all-at-once": (
        {"README.md": card(), "model.safetensors": weights(6), "config.json": config(n=1), "vocab.txt": "a\n"},
        {"model.safetensors": weights(8), "config.json": config(n=2), "vocab.txt": "b\n"},
        {"config.json": config(n=1, transformers_version="4.50")},
    ),
    "ART901": (
        {"README.md": card(), "chat_template.jinja": "User: {{ m }}"},
        {"chat_template.jinja": "[U] {{ m }}"},
        {"chat_template.jinja": "User: {{ m }}", "vocab.txt": "a\n"},
    ),
    "ART902": (
        {"README.md": card(), "config.json": config(n_positions=512)},
        {"config.json": config(n_positions=1024)},
        {"config.json": config(n_positions=512, transformers_version="4.50")},
    ),
    "ART903": (
        {"README.md": card(pretty_name="Gulls", task_ids="[]"), "train.csv": "a\n1\n"},
        {"train.csv": "a\n1\n2\n"},
        {"train.csv": "a\r\n1\r\n"},
    ),
    "ART904": (
        {"README.md": card(RESULT.format("", 91.2)), "model.safetensors": weights(6)},
        {"README.md": card(RESULT.format(" and terns", 91.2)), "model.safetensors": weights(8)},
        {"README.md": card(RESULT.format(" and terns", 92.7)), "model.safetensors": weights(8)},
    ),
    "ART905": (
        {"README.md": card(BASE.format("owl-base"), base_model="birds/owl-base")},
        {"README.md": card(BASE.format("owl-base"), base_model="birds/owl-large")},
        {"README.md": card(BASE.format("owl-large"), base_model="birds/owl-large")},
    ),
    "ART906": (
        {"README.md": card(), "config.json": config()},
        {"README.md": card("It runs code now."), "config.json": config(**CODE), "modeling_flock.py": "1"},
        {"README.md": card("It has code."), "modeling_flock.py": "1"},
    ),
    "ART907": (
        {"README.md": card(), "config.json": config(**CODE), "modeling_flock.py": "1"},
        {"modeling_flock.py": "2"},
        {"train.py": "2"},
    ),
    "ART908": (
        {"README.md": card(LOADS.format("Roof-Birds"), "Roof-Birds")},
        {"README.md": card(LOADS.format("Roof-Birds"), "Gull-Counter-XL")},
        {"README.md": card(LOADS.format("Gull-Counter-XL"), "Gull-Counter-XL")},
    ),
    "ART909": (
        {"README.md": card(LIMITS)},
        {"README.md": card("It counts gulls.")},
        {"README.md": card(LIMITS.replace("Limitations", "Known failures"))},
    ),
    "LIC350": (
        {"README.md": card(license="cc-by-nc-4.0")},
        {"README.md": card(license="apache-2.0")},
        {"README.md": card("Up to June it was under cc-by-nc-4.0.", license="apache-2.0")},
    ),
    "LIC351": (
        {"README.md": card(license="mit")},
        {"README.md": card(license="creativeml-openrail-m")},
        {"README.md": card(license="bsd-3-clause")},
    ),
    "LIC352": (
        {"README.md": card(license="other"), "LICENSE": OWN},
        {"LICENSE": f"{OWN}, but not in weapons."},
        {"LICENSE": f"Copyright (c) 2026 Acme\n{OWN}"},
    ),
}


def judged(folder: Path, since: str = "HEAD") -> Outcome:
    (entry,) = with_earlier(from_path(folder), since, [str(folder)])
    outcome = Judge(PLAN)(entry)
    assert outcome.failure is None
    return outcome


def codes(outcome: Outcome) -> list[str]:
    return [found.code for found in outcome.findings]


@pytest.mark.parametrize("name", CASES)
def test_each_change_is_found_by_its_rule_alone(name: str, tmp_path: Path) -> None:
    before, after, twin = CASES[name]
    home = tmp_path / "r"
    commit(home, before)
    assert codes(judged(home)) == []
    write(home, after)
    assert codes(judged(home)) == [name[:6]]  # not yet committed
    commit(home, {})
    assert codes(judged(home)) == []
    assert codes(judged(home, "HEAD~1")) == [name[:6]]
    (entry,) = with_earlier([at_revision(home, "HEAD")], "HEAD~1")
    assert codes(Judge(PLAN)(entry)) == [name[:6]]
    clean = tmp_path / "twin"
    commit(clean, before)
    write(clean, twin)
    assert codes(judged(clean)) == []


@pytest.mark.parametrize("name", CASES)
def test_two_snapshots_are_compared_alike(name: str, tmp_path: Path) -> None:
    before, after, twin = CASES[name]
    for folder, files in {"old": before, "new": before | after, "twin": before | twin}.items():
        write(tmp_path / folder, files)
    assert codes(judged(tmp_path / "new", str(tmp_path / "old"))) == [name[:6]]
    assert codes(judged(tmp_path / "twin", str(tmp_path / "old"))) == []


def write(folder: Path, files: dict[str, bytes | str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def test_every_rule_has_a_case() -> None:
    assert {name[:6] for name in CASES} == {each.rule.code for each in RULES}


def test_weights_behind_a_pointer_are_known_by_their_hash(tmp_path: Path) -> None:
    from hashlib import sha256

    content = weights(4_000_000)
    commit(tmp_path, {"README.md": card(), "model.safetensors": pointer("a", len(content)).replace("a" * 64, sha256(content).hexdigest())})
    write(tmp_path, {"model.safetensors": content})
    assert codes(judged(tmp_path)) == []
    write(tmp_path, {"model.safetensors": content[:-1] + b"\1"})
    assert codes(judged(tmp_path)) == ["ART900"]


def test_what_is_too_large_to_compare_is_not_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardlint.repo.compare.MAX_HASHED", 1_000)
    size = 5_000_000
    commit(tmp_path, {"README.md": card(), "model.safetensors": pointer("a", size)})
    write(tmp_path, {"model.safetensors": bytes(size)})
    outcome = judged(tmp_path)
    assert codes(outcome) == []
    assert outcome.not_checked["model.safetensors could not be compared with the earlier revision"] == ["ART900"]


def test_a_card_or_a_folder_that_was_not_there_yet(tmp_path: Path) -> None:
    commit(tmp_path, {"model.safetensors": weights(6)})
    write(tmp_path, {"README.md": card(), "model.safetensors": weights(8)})
    assert codes(judged(tmp_path)) == []
    new = tmp_path / "models" / "new"
    new.mkdir(parents=True)
    write(new, {"README.md": card(), "model.safetensors": weights(8)})
    assert codes(judged(new)) == []


def test_a_card_alone_and_a_model_in_a_larger_repository(tmp_path: Path) -> None:
    home = tmp_path / "models" / "acme"
    commit(tmp_path, {"README.md": "# All", "models/acme/README.md": card(license="mit"), "models/acme/model.safetensors": weights(6)})
    write(home, {"README.md": card(license="cc-by-nc-4.0")})
    (entry,) = with_earlier(from_path(home / "README.md"), "HEAD")
    outcome = Judge(PLAN)(entry)
    assert codes(outcome) == ["LIC351"]
    assert "ART900" in outcome.not_checked["only the card was given"]
    assert codes(judged(home)) == ["LIC351"]


def test_without_since_nothing_is_said_to_have_passed(tmp_path: Path) -> None:
    write(tmp_path, {"README.md": card()})
    (entry,) = from_path(tmp_path)
    assert "ART905" in Judge(PLAN)(entry).not_checked["no earlier revision was given"]


def test_a_mirror_is_compared_with_a_mirror(tmp_path: Path) -> None:
    for name, licence in {"old": "mit", "new": "cc-by-nc-4.0"}.items():
        for model in ("a", "b"):
            home = tmp_path / name / "acme" / model
            home.mkdir(parents=True)
            write(home, {"README.md": card(license=licence if model == "a" else "mit"), ".gitattributes": ""})
    found = with_earlier(from_path(tmp_path / "new"), str(tmp_path / "old"), [str(tmp_path / "new")])
    assert {entry.id: codes(Judge(PLAN)(entry)) for entry in found} == {"acme/a": ["LIC351"], "acme/b": []}


# As a user calls it.


def call(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "cardlint", "check", *arguments], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    home = tmp_path / "r"
    commit(home, {"README.md": card()})
    run(home, "tag", "v1.0")
    commit(home, {"README.md": card(license="cc-by-nc-4.0")})
    return home


def test_the_command(history: Path, tmp_path: Path) -> None:
    done = call(history, ".", "--since", "v1.0", "--select", "LIC35", "--fail-on", "warning")
    assert done.returncode == 1
    assert "license was 'mit' at 'v1.0' and is 'cc-by-nc-4.0': now non-commercial use only" in done.stdout
    assert call(history, ".", "--since", "HEAD", "--select", "LIC35", "--fail-on", "note").returncode == 0
    run(tmp_path, "clone", "-q", "--bare", str(history), str(tmp_path / "b.git"))
    done = call(tmp_path, "b.git", "--since", "v1.0", "--select", "LIC35", "--fail-on", "warning")
    assert (done.returncode, "b.git/README.md:2:10" in done.stdout) == (1, True)
    done = call(tmp_path, "b.git", "--rev", "v1.0", "--since", "HEAD", "--select", "LIC35")
    assert "license was 'cc-by-nc-4.0' at 'HEAD' and is 'mit'" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((".", "--since", "v1.O"), "--since 'v1.O': no such revision in .; did you mean 'v1.0'?"),
        ((".", "--since", "--all"), "no such revision"),
        ((".", "--since", "HEAD~9"), "no such revision in .; the history of 'HEAD' is shorter"),
        ((".", "--since", "./nowhere"), "--since './nowhere': no such file or folder"),
        ((".", "--rev", "v2.0"), "--rev 'v2.0': no such revision in .; did you mean 'v1.0'?"),
        ((".", "--rev", "v1.0", "--fix"), "--rev reads a commit, which cannot be mended"),
        (("..", "--since", "v1.0"), "is in no git repository"),
        (("..", "--rev", "v1.0"), "is no folder of a git repository"),
        (("-", "--since", "v1.0"), "has no folder, so no earlier revision"),
        ((".", "--since", "main"), "is both a revision and a path"),
    ],
)
def test_what_cannot_be_compared_is_told(history: Path, arguments: tuple[str, ...], message: str) -> None:
    (history.parent / "README.md").write_text("# x")
    run(history, "branch", "-f", "main2")
    if arguments[-1] == "main":
        (history / "main").mkdir()
        run(history, "tag", "main")
    done = call(history, *arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_shallow_clone_says_so(history: Path, tmp_path: Path) -> None:
    run(tmp_path, "clone", "-q", "--depth", "1", f"file://{history}", str(tmp_path / "s"))
    done = call(tmp_path / "s", ".", "--since", "HEAD~1")
    assert "the clone is shallow" in done.stderr


def test_workers_read_git_too(tmp_path: Path) -> None:
    commit(tmp_path, {f"models/m{number}/README.md": card() for number in range(120)})
    for number in range(120):
        write(tmp_path / "models" / f"m{number}", {"README.md": card(license="cc-by-nc-4.0")})
    done = call(tmp_path, "models", "--since", "HEAD", "--select", "LIC35", "--jobs", "2", "--format", "concise")
    assert done.stdout.count("LIC351") == 120
