"""``cardlint export`` as scripts see it: output, messages, exit codes."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("spdx_python_model", reason="needs the extra export")
CARD = "---\nlicense: mit\nbase_model: acme/terns\n---\n# Gulls\n\n## Limitations\n\nIt counts no terns and no night pictures at all.\n"


@pytest.fixture
def hub(tmp_path):
    for kind, who in (("", "acme/gulls"), ("", "acme/terns"), ("datasets/", "acme/cliffs")):
        folder = tmp_path / "hub" / f"{kind}{who}"
        folder.mkdir(parents=True)
        (folder / "README.md").write_text(CARD)
    return tmp_path / "hub"


@pytest.fixture
def run(cardlint):
    def call(*arguments, given=None, **environment):
        done = cardlint(*arguments, stdin=given, env=environment)
        return done.returncode, done.stdout, done.stderr

    return call


def test_one_card_goes_to_standard_output(run, hub):
    code, out, error = run("export", hub / "acme/gulls", "--to", "cyclonedx", SOURCE_DATE_EPOCH="1764288000")
    assert code == 0
    document = json.loads(out)
    assert document["metadata"]["timestamp"] == "2025-11-28T00:00:00Z"
    assert error == ""


def test_standard_input_is_a_card(run):
    code, out, _ = run("export", "-", "--to", "form", "--repo-id", "acme/gulls", given=CARD)
    assert code == 0
    assert "acme/terns (README.md line 3" in out


def test_mirror_gives_a_file_a_repository(run, hub, tmp_path):
    code, _, error = run("export", hub, "--to", "spdx3", "--out", f"{tmp_path}/out/")
    assert code == 0
    names = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.json"))
    assert names == ["datasets/acme/cliffs.spdx3.json", "models/acme/gulls.spdx3.json", "models/acme/terns.spdx3.json"]
    assert "releaseTime is demanded and not stated in 3 of 3 documents" in error


def test_audit_gives_the_same_documents_with_passages_cited(run, hub, tmp_path):
    pytest.importorskip("pyarrow", reason="needs the extra audit")
    assert run("audit", hub, "--out", tmp_path / "audit")[0] == 0
    assert run("export", tmp_path / "audit", "--to", "spdx3", "--out", f"{tmp_path}/out/")[0] == 0
    text = (tmp_path / "out/models/acme/gulls.spdx3.json").read_text()
    assert "acme/terns" in text
    assert "documented in README.md lines 7-9, under 'Limitations'" in text


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--to", "spdx4"], 2, "did you mean 'spdx"),
        (["--to", "spdx", "--created", "soon"], 2, "--created 'soon': a date"),
        (["--to", "spdx", "--hub-url", "hub.example"], 2, "--hub-url 'hub.example': an address like"),
        (["--to", "spdx"], 2, "there are several repositories: give --out DIR/"),
        (["--to", "spdx", "--out", "/proc/none/x/"], 2, "/proc/none"),
    ],
)
def test_wrong_use_is_one_message(run, hub, arguments, code, message):
    done, _, error = run("export", hub, *arguments)
    assert done == code
    assert message in error
    assert "Traceback" not in error


def test_nothing_is_written_where_several_repositories_want_a_folder(run, hub, tmp_path):
    assert run("export", hub, "--to", "spdx")[:2] == (2, "")
    assert run("export", hub, "--to", "spdx", "--out", tmp_path / "one.json")[0] == 2
    assert not (tmp_path / "one.json").exists()


def test_kind_that_a_format_does_not_describe_is_told(run, hub):
    code, out, error = run("export", hub / "acme/gulls", "--to", "croissant")
    assert (code, out) == (3, "")
    assert "croissant does not describe 1 of 1 repositories (it knows dataset)" in error


def test_missing_package_is_named(run, hub, tmp_path):
    fake = tmp_path / "elsewhere" / "spdx_python_model"  # not the folder it is called in, which cardlint imports nothing from
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text("raise ModuleNotFoundError('no', name='spdx_python_model')\n")
    code, _, error = run("export", hub / "acme/gulls", "--to", "spdx3", PYTHONPATH=str(fake.parent))
    assert code == 2
    assert "pip install 'cardlint[export]'" in error
