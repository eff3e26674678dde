"""A session of an editor with the server, over standard input and output."""

from __future__ import annotations

import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="the extra [lsp] is not installed")

from lsprotocol import types

SMALL = "---\nlicense: apache2\nlanguage: en\n---\n# Sorter\n\nIt sorts letters by the town they go to.\n"
_number = count()


@pytest.fixture
def uri(tmp_path):
    folder = tmp_path / f"card{next(_number)}"
    folder.mkdir()
    return (folder / "README.md").as_uri()


def document(uri):
    return types.TextDocumentIdentifier(uri)


def codes(found):
    return sorted(each.code for each in found)


def test_findings_come_with_place_severity_and_the_page_of_their_rule(editor, uri):
    found = next(each for each in editor.open(uri, SMALL) if each.code == "LIC101")
    assert (found.range.start.line, found.range.start.character) == (1, 9)
    assert (found.range.end.line, found.range.end.character) == (1, 16)
    assert found.severity == types.DiagnosticSeverity.Error
    assert found.source == "cardlint"
    assert "apache-2.0" in found.message
    page = Path(found.code_description.href.removeprefix("file://"))
    assert page.is_file()
    assert "LIC101" in page.read_text(encoding="utf-8")


def test_the_three_severities(editor, uri):
    text = "---\nlicense: apache2\nfinetuned_from: a/b\nlicence_name: x\n---\n# A\n"
    found = {each.code: each.severity for each in editor.open(uri, text)}
    assert found["LIC101"] == types.DiagnosticSeverity.Error
    assert found["FM022"] == types.DiagnosticSeverity.Information
    assert found["FM020"] == types.DiagnosticSeverity.Warning


def test_findings_change_with_the_text(editor, uri):
    assert "LIC101" in codes(editor.open(uri, SMALL))
    assert "LIC101" not in codes(editor.change(uri, SMALL.replace("apache2", "apache-2.0")))


def test_only_the_latest_text_is_told(editor, uri):
    editor.open(uri, SMALL)
    before = len(editor.published[uri])
    for letters in ("a", "ap", "apa", "apac", "apach", "apache-2.0"):
        editor.change(uri, SMALL.replace("apache2", letters), wait=False)
    assert "LIC101" not in codes(editor.diagnostics(uri))
    assert len(editor.published[uri]) - before <= 2


def test_places_count_utf_16_units(editor, uri):
    found = next(
        each
        for each in editor.open(uri, '---\ntags: ["😀🎉", x]\nlicense: {a: "😀"}\ntitle: "😀"\npipeline_tag: "t"\n---\n# A\n')
        if each.range.start.line == 4
    )
    assert found.range.start.character == 14
    text = "---\nlicense: mit\n---\n# A\n\n😀🎉 [More Information Needed] here\n"
    found = next(each for each in editor.change(uri, text) if each.range.start.line == 5)
    assert found.range.start.character == len("😀🎉 ".encode("utf-16-le")) // 2
    assert found.range.end.character == found.range.start.character + len("[More Information Needed]")


@pytest.mark.parametrize("encoding", ["utf-32", "utf-8"])
def test_the_encoding_is_agreed_on(editors, uri, encoding):
    editor = editors(encodings=[encoding, "utf-16"])
    assert editor.initialized.capabilities.position_encoding == encoding
    text = "---\nlicense: mit\n---\n# A\n\né😀 [More Information Needed] here\n"
    found = next(each for each in editor.open(uri, text) if each.range.start.line == 5)
    assert found.range.start.character == {"utf-32": 3, "utf-8": 7}[encoding]


def test_lines_end_where_the_protocol_says(editor, uri):
    text = "---\r\nlicense: mit\r\n---\r\n# A\r\n\r\nOne\u2028two\x0cthree\r\n\r\n[More Information Needed]\r\n"
    assert 7 in [each.range.start.line for each in editor.open(uri, text)]


def test_a_safe_fix_is_preferred_and_mends(editor, uri):
    editor.open(uri, SMALL)
    actions = editor.actions(uri, editor.at(uri, "apache2"), only=[types.CodeActionKind.QuickFix])
    fix = next(each for each in actions if each.is_preferred)
    assert fix.kind == types.CodeActionKind.QuickFix
    assert fix.diagnostics[0].code == "LIC101"
    assert editor.apply(uri, fix.edit) == SMALL.replace("apache2", "apache-2.0")


@pytest.mark.parametrize(
    "text",
    [
        SMALL,
        SMALL.replace("\n", "\r\n"),
        "---\ntags: [😀, a, a]\nlicense: Apache License 2.0\nlanguage: English\nlicence_link: x\n---\n# 😀 A\n\nIt sorts letters.\n",
        "--- \nlicense: apache2\nlibrary: transformers\n---\n# A\n",
    ],
)
def test_fix_all_is_what_the_command_line_does(editor, uri, text):
    editor.open(uri, text)
    (action,) = editor.actions(uri, types.Position(0, 0), only=[types.CodeActionKind.SourceFixAll])
    assert action.kind == "source.fixAll.cardlint"
    path = Path(uri.removeprefix("file://"))
    path.write_bytes(text.encode("utf-8"))
    done = subprocess.run([sys.executable, "-m", "cardlint", "check", "--fix", str(path)], capture_output=True, check=False, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    assert editor.apply(uri, action.edit).encode("utf-8") == path.read_bytes() != text.encode("utf-8")


def test_a_byte_order_mark_is_counted_where_the_editor_keeps_it(editor, uri):
    text = "\ufeff---\nlicense: apache2\n---\n# A\n"
    found = next(each for each in editor.open(uri, text) if each.code == "LIC101")
    assert (found.range.start.line, found.range.start.character) == (1, 9)
    fix = next(each for each in editor.actions(uri, editor.at(uri, "apache2")) if each.diagnostics and each.is_preferred)
    assert editor.apply(uri, fix.edit) == text.replace("apache2", "apache-2.0")
    (action,) = editor.actions(uri, types.Position(0, 0), only=["source.fixAll.cardlint"])
    assert editor.apply(uri, action.edit) == "---\nlicense: apache-2.0\n---\n# A\n"


@pytest.mark.parametrize(
    ("text", "marker", "expected"),
    [
        (SMALL, "apache2", "# cardlint: ignore[LIC101] \nlicense: apache2"),
        ("---\nlanguage:\n- en\n- English\n---\n# A\n", "English", "- en\n# cardlint: ignore[MET101] \n- English"),
        ("---\nlicense: mit\n---\n# A\n\nA [More Information Needed] b\n", "[More", "\n<!-- cardlint: ignore[DOC002] -->\nA [More"),
        (
            "---\nlicense: mit\n---\n# A\n\n| a | b |\n|---|---|\n| c | [More Information Needed] |\n",
            "[More",
            "Needed] <!-- cardlint: ignore[DOC002] --> |",
        ),
    ],
)
def test_a_finding_is_silenced_by_a_comment(editor, uri, text, marker, expected):
    found = editor.open(uri, text)
    code = expected.split("ignore[")[1].split("]")[0]
    assert code in codes(found)
    place = editor.at(uri, marker, 1)
    action = next(each for each in editor.actions(uri, place) if each.title.startswith(f"{code}: silence"))
    silenced = editor.apply(uri, action.edit)
    assert expected in silenced
    assert code not in codes(editor.change(uri, silenced.replace(f"ignore[{code}]", f"ignore[{code}] known")))


def test_no_comment_is_offered_where_none_would_be_heard(editors, uri):
    editor = editors(options=["--profile", "gate"])
    editor.open(uri, SMALL)
    titles = [each.title for each in editor.actions(uri, editor.at(uri, "apache2"))]
    assert titles
    assert not [title for title in titles if "silence" in title]


@pytest.mark.parametrize(
    ("marker", "shift", "words"),
    [
        ("license:", 2, ["**license**", "string or list of strings", "`apache-2.0`"]),
        ("cc-by-nc-4.0", 3, ["Creative Commons", "no commercial use", "CC-BY-NC-4.0"]),
        ("text-generation", 2, ["Text Generation", "Natural Language Processing"]),
        ("de\n", 1, ["German"]),
        ("transformers", 1, ["Transformers"]),
        ("finetuned_from", 1, ["Outdated", "base_model"]),
        ("licence_name", 1, ["license_name"]),
        ("sdk:", 1, ["space cards"]),
        ("type: accuracy", 1, ["id of the metric"]),
        ("accuracy", 1, ["higher is better"]),
    ],
)
def test_hover(editor, uri, marker, shift, words):
    text = (
        "---\nlicense: cc-by-nc-4.0\npipeline_tag: text-generation\nlanguage:\n- en\n- de\nlibrary_name: transformers\n"
        "finetuned_from: a/b\nlicence_name: x\nsdk: gradio\nmodel-index:\n- name: x\n  results:\n  - metrics:\n"
        "    - type: accuracy\n      value: 0.5\n---\n# A\n"
    )
    editor.open(uri, text)
    params = types.HoverParams(document(uri), editor.at(uri, marker, shift))
    shown = editor.ask("text_document_hover", params).contents.value
    assert [word for word in words if word not in shown] == []


def test_no_hover_in_the_body(editor, uri):
    editor.open(uri, SMALL + "license: mit\n")
    assert editor.ask("text_document_hover", types.HoverParams(document(uri), editor.at(uri, "license: mit", 2))) is None


def proposals(editor, uri, text):
    """The proposals at the bar in a text, and the text with each of them taken."""
    begin = text.index("¦")
    text = text.replace("¦", "")
    editor.open(uri, text) if uri not in editor.texts else editor.change(uri, text)
    before = text[:begin]
    place = types.Position(before.count("\n"), len(before.rpartition("\n")[2]))
    found = editor.ask("text_document_completion", types.CompletionParams(document(uri), place)).items
    taken = {}
    for each in found:
        edit = each.text_edit
        assert edit.range.start.line == edit.range.end.line == place.line
        assert edit.range.start.character <= place.character <= edit.range.end.character
        line = text.split("\n")[place.line]
        taken[each.label] = line[: edit.range.start.character] + edit.new_text + line[edit.range.end.character :]
    return taken


@pytest.mark.parametrize(
    ("text", "label", "line"),
    [
        ("---\nlic¦\n---\n", "license", "license: "),
        ("---\n¦\n---\n", "pipeline_tag", "pipeline_tag: "),
        ("---\nlicense: ap¦\n---\n", "apache-2.0", "license: apache-2.0"),
        ("---\nlicense:¦\n---\n", "mit", "license: mit"),
        ("---\nlicense: ¦\n---\n", "mit", "license: mit"),
        ("---\nlicense:\n- ¦\n---\n", "mit", "- mit"),
        ("---\nlicense: [mit, ap¦]\n---\n", "apache-2.0", "license: [mit, apache-2.0]"),
        ("---\npipeline_tag: text-¦\n---\n", "text-generation", "pipeline_tag: text-generation"),
        ("---\nlibrary_name: tra¦\n---\n", "transformers", "library_name: transformers"),
        ("---\nlanguage: Ger¦\n---\n", "de", "language: de"),
        ("---\nlanguage: n¦\n---\n", "no", 'language: "no"'),
        ("---\nlanguage: 'n¦'\n---\n", "no", "language: 'no'"),
        ("---\nbase_model_relation: ¦\n---\n", "adapter", "base_model_relation: adapter"),
        ("---\nco2_eq_emissions:\n  ¦\n---\n", "emissions", "  emissions: "),
        ("---\nco2_eq_emissions:\n  training_type: ¦\n---\n", "fine-tuning", "  training_type: fine-tuning"),
        ("---\nmodel-index:\n- name: x\n  results:\n  - task:\n      type: ¦\n---\n", "fill-mask", "      type: fill-mask"),
        ("---\nannotations_creators:\n- x\ntask_categories:\n- ¦\n---\n", "fill-mask", "- fill-mask"),
        ("---\ndataset_info: {}\nsize_categories:\n- ¦\n---\n", "1K<n<10K", "- 1K<n<10K"),
        ("---\nviewer: ¦\ntask_ids: []\n---\n", "false", "viewer: false"),
        ("---\nsdk: ¦\nemoji: x\n---\n", "gradio", "sdk: gradio"),
        ("---\nlicense: mit\nlang¦", "language", "language: "),
    ],
)
def test_completion(editor, uri, text, label, line):
    taken = proposals(editor, uri, text)
    assert taken[label] == line


@pytest.mark.parametrize(
    "text", ["---\nlicense: mit\n---\nlic¦\n", "---\nlicense: mit # a¦\n---\n", "---\nextra_gated_prompt: |\n  license: ¦\n---\n", "lic¦\n"]
)
def test_no_completion_elsewhere(editor, uri, text):
    assert proposals(editor, uri, text) == {}


def test_keys_that_are_there_or_outdated_are_not_proposed(editor, uri):
    taken = proposals(editor, uri, "---\nlicense: mit\n¦\n---\n")
    assert "license" not in taken
    assert "finetuned_from" not in taken
    assert "size_categories" not in taken


def test_sections_with_what_was_read_in_them(editor, uri):
    text = (
        "---\nlicense: mit\n---\n# Sorter\n\n## Intended use\n\nIt sorts letters of the town hall by the street they go to, daily.\n\n"
        "### Out-of-scope use\n\n[More Information Needed]\n\n## Limitations\n\nIt reads no handwriting, and streets younger than 2020"
        " are not known to it.\n"
    )
    editor.open(uri, text)
    block, top = editor.ask("text_document_document_symbol", types.DocumentSymbolParams(document(uri)))
    assert (block.name, top.name) == ("Front matter", "Sorter")
    use, limits = top.children
    assert "intended use: substantive" in use.detail
    assert "placeholder" in use.children[0].detail
    assert "limitations: substantive" in limits.detail
    assert use.range.end.line == limits.range.start.line
    assert limits.selection_range.start.line == 13


def test_broken_front_matter_while_typing(editor, uri):
    editor.open(uri, SMALL)
    for broken in (
        "---\nlicense: [mit\n",
        "---\nlicense: *x\n---\n",
        "---\n\t- : :\n  a: {\n---\n# A",
        "",
        "---",
        "---\n---\n",
        "\ud83d",
        "---\na: &a [*a]\n---\n",
    ):
        found = editor.change(uri, broken)
        assert "not-judged" not in codes(found), found
    assert "LIC101" in codes(editor.change(uri, SMALL))
    assert "FM010" in codes(editor.change(uri, "---\nlicense: [mit\n---\n# A\n"))


def test_what_is_no_card_is_left_alone(editor, tmp_path):
    uri = (tmp_path / "NOTES.md").as_uri()
    assert editor.open(uri, SMALL) == []
    assert editor.actions(uri, types.Position(1, 9)) == []
    uri = (tmp_path / "README.md").as_uri()
    assert editor.open(uri, "# A program\n\nIt has no weights.\n") == []


def test_a_card_that_was_never_saved(editor):
    assert "LIC101" in codes(editor.open("untitled:Untitled-1", SMALL))


def test_findings_go_when_the_document_is_closed(editor, uri):
    editor.open(uri, SMALL)
    editor.runner.run(editor._call(editor.client.text_document_did_close, types.DidCloseTextDocumentParams(document(uri))))
    editor.texts[uri] = [None, ""]
    assert editor.diagnostics(uri) == []


def test_the_files_beside_the_card_are_read(editor, tmp_path):
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / "adapter_config.json").write_text('{"peft_type": "LORA", "base_model_name_or_path": "acme/base"}', encoding="utf-8")
    (folder / "adapter_model.safetensors").write_bytes(b"")
    uri = (folder / "README.md").as_uri()
    alone = set(codes(editor.open((tmp_path / "README.md").as_uri(), SMALL.replace("apache2", "mit"))))
    beside = set(codes(editor.open(uri, SMALL.replace("apache2", "mit"))))
    path = folder / "README.md"
    path.write_text(SMALL.replace("apache2", "mit"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "cardlint", "check", "--format", "concise", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert beside - alone
    assert all(code in done.stdout for code in beside)


def test_the_configuration_above_is_kept_to(editor, tmp_path):
    (tmp_path / "cardlint.toml").write_text('ignore = ["LIC101"]\n\n[severity]\nMET101 = "note"\n', encoding="utf-8")
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    uri = (folder / "README.md").as_uri()
    text = SMALL.replace("language: en", "language: English")
    found = {each.code: each for each in editor.open(uri, text)}
    assert "LIC101" not in found
    assert found["MET101"].severity == types.DiagnosticSeverity.Information
    (tmp_path / "cardlint.toml").write_text('exclude = ["deep/*"]\n', encoding="utf-8")
    event = types.FileEvent((tmp_path / "cardlint.toml").as_uri(), types.FileChangeType.Changed)
    editor.news[uri].clear()
    editor.runner.run(editor._call(editor.client.workspace_did_change_watched_files, types.DidChangeWatchedFilesParams([event])))
    assert editor.diagnostics(uri) == []
    (tmp_path / "cardlint.toml").write_text("ignroe = []\n", encoding="utf-8")
    (complaint,) = editor.change(uri, text + "\n")
    assert complaint.code == "not-judged"
    assert "did you mean 'ignore'" in complaint.message


def test_hostile_text_does_not_keep_the_editor_waiting(editor, uri):
    editor.open(uri, SMALL)
    editor.change(uri, "---\nlicense: mit\n---\n" + "*a **b [" * 150_000, wait=False)
    told = len(editor.published[uri])
    params = types.CompletionParams(document(uri), types.Position(1, 9))
    assert editor.ask("text_document_completion", params).items
    assert len(editor.published[uri]) == told, "answered before the text was judged"
    assert "LIC101" in codes(editor.change(uri, SMALL))


def test_the_server_asks_to_be_told_of_configurations(editors, tmp_path):
    editor = editors(root=tmp_path)
    editor.open((tmp_path / "README.md").as_uri(), SMALL)
    (registration,) = editor.messages[0].registrations
    assert registration.method == "workspace/didChangeWatchedFiles"


def test_goodbye(editors):
    assert editors().stop() == 0


def test_wrong_options_are_told_at_once():
    done = subprocess.run(
        [sys.executable, "-m", "cardlint", "lsp", "--select", "LIC999"], input="", capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "unknown rule 'LIC999'" in done.stderr


def test_an_editor_that_goes_without_goodbye_leaves_nothing_behind():
    done = subprocess.run(
        [sys.executable, "-m", "cardlint", "lsp", "--stdio"], input="", capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert done.stdout == ""
