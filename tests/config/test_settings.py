"""The configuration file: where it is looked for, what each key becomes, and mistakes told with line and near miss."""

from __future__ import annotations

import pytest

from cardlint.config.settings import Override, Settings, discover, read
from cardlint.model import CardlintError

WHOLE = """\
profile = "audit"
select = ["LIC"]
extend-select = ["MET101"]
preview = true
min-severity = "warning"
min-confidence = "high"
fail-on = "note"
rules = ["ours", "more/rules"]
exclude = ["old/*"]
waivers = "waivers.yaml"
standards = ["eu-ai-act", "own.yaml", "sub/other.yml"]
card-schema = "card.json"
hub = "results"
known-ids = "ids.txt"
complete = ["acme"]

[ignore]
MET201 = "our tasks have other names"

[severity]
LIC101 = "error"

[options.LIC003]
a = 1

[[overrides]]
paths = ["drafts/*", "acme/*"]
ignore = ["LIC101"]
reason = "not yet"

[[overrides]]
paths = ["x"]
"""


@pytest.fixture
def config(tmp_path):
    def written(text, name="cardlint.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_each_key_is_read_and_paths_start_at_the_file(config, tmp_path):
    assert read(config(WHOLE)) == Settings(
        source=str(tmp_path / "cardlint.toml"),
        profile="audit",
        select=("LIC",),
        extend_select=("MET101",),
        ignore=("MET201",),
        reasons={"MET201": "our tasks have other names"},
        preview=True,
        min_severity="warning",
        min_confidence="high",
        fail_on="note",
        rules=(str(tmp_path / "ours"), str(tmp_path / "more/rules")),
        exclude=("old/*",),
        severity={"LIC101": "error"},
        options={"LIC003": {"a": 1}},
        overrides=(Override(("drafts/*", "acme/*"), ("LIC101",), "not yet"), Override(("x",), ())),
        waivers=str(tmp_path / "waivers.yaml"),
        standards=("eu-ai-act", str(tmp_path / "own.yaml"), str(tmp_path / "sub/other.yml")),
        card_schema=str(tmp_path / "card.json"),
        hub=str(tmp_path / "results"),
        known_ids=str(tmp_path / "ids.txt"),
        complete=("acme",),
    )


def test_file_may_begin_with_a_byte_order_mark(config):
    assert read(config('\ufeffprofile = "gate"')).profile == "gate"


def test_empty_file_says_nothing_but_where_it_is(config):
    path = config("")
    assert read(path) == Settings(source=str(path))


def test_ignore_is_a_list_or_a_table_of_reasons(config):
    assert (read(config('ignore = ["LIC101", "MET"]')).ignore, read(config('ignore = ["LIC101"]')).reasons) == (("LIC101", "MET"), {})


def test_hub_of_an_address_is_no_path(config):
    assert read(config('hub = "s3://bucket/results"')).hub == "s3://bucket/results"


def test_pyproject_has_a_table_of_its_own(config):
    text = '[project]\nname = "x"\n[tool.other]\nselect = 1\n[tool.cardlint]\nselect = ["LIC"]\n'
    assert read(config(text, "pyproject.toml")).select == ("LIC",)
    assert read(config("[project]\n", "pyproject.toml")).select == ()
    assert read(config("[tool.other]\n", "pyproject.toml")).select == ()


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('profil = "gate"', ["1: unknown key 'profil'; did you mean 'profile'?"]),
        ('\n"profil" = "gate"', ["2: unknown key 'profil'; did you mean 'profile'?"]),
        ('preview = true\nprofile = "gates"', ["2: profile: 'gates' is not one of author, gate, audit; did you mean 'gate'?"]),
        ('profile = "zzz"', ["1: profile: 'zzz' is not one of author, gate, audit"]),
        ("# preview = 1\n  preview = 1", ["2: preview: true or false is wanted, not 1"]),
        ('select = "LIC"', ['1: select: a list is wanted: ["LIC"]']),
        ('ignore = "LIC"', ['1: ignore: a list is wanted: ["LIC"]']),
        ("ignore = 3", ["1: ignore: a list or a table is wanted, not 3"]),
        ("[ignore]\nLIC103 = 1", ["2: ignore.LIC103: a text in quotes is wanted, not 1"]),
        ("preview = 2027-03-31", ['1: preview: true or false is wanted, not "2027-03-31"']),
        ('[tool.cardlint]\nprofile = "gate"', ["1: [tool.cardlint] is for pyproject.toml: here its keys stand without it"]),
        ("[overrides]\npaths = ['x']", ["1: overrides: a list of tables is wanted: write [[overrides]]"]),
        ("\n[severity]\nLIC101 = 'fatal'", ["3: severity.LIC101: 'fatal' is not one of error, warning, note, off"]),
        ("severity.LIC101 = 'warn'", ["1: severity.LIC101: 'warn' is not one of error, warning, note, off; did you mean 'warning'?"]),
        (
            "\n[[overrides]]\npath = ['x']",
            ["2: overrides.0: 'paths' is missing", "3: unknown key 'path'; did you mean 'paths'?"],
        ),
        ("[[overrides]]\npaths = []", ["2: overrides.0.paths: [] has less than 1 item"]),
        ("[[overrides]]\npaths = ['x']\nzzz = 1", ["3: unknown key 'zzz'; known are ignore, paths, reason"]),
        ("[options]\nLIC101 = 1", ["2: options.LIC101: a table is wanted, not 1"]),
        (
            "zzz = 1\nprofil = 1",
            [
                "1: unknown key 'zzz'; known are card-schema, complete, exclude, extend-select, fail-on, hub,",
                "2: unknown key 'profil'; did you",
            ],
        ),
    ],
)
def test_mistake_has_its_line_and_near_miss(config, text, faults):
    path = config(text)
    with pytest.raises(CardlintError) as caught:
        read(path)
    told = str(caught.value).splitlines()
    assert len(told) == len(faults)
    for line, fault in zip(told, faults, strict=True):
        assert line.startswith(f"{path}:{fault}")
        assert fault.endswith((",", "you")) or line == f"{path}:{fault}"


def test_mistakes_are_told_in_the_order_of_their_lines_and_once(config):
    with pytest.raises(CardlintError) as caught:
        read(config("preview = 1\nzzz = 1\nselect = 1\n"))
    assert [line.rsplit("cardlint.toml:")[1][0] for line in str(caught.value).splitlines()] == ["1", "2", "3"]


def test_mistake_is_not_told_at_length(config):
    path = config(f"select = [{'1234567, ' * 400}]")
    with pytest.raises(CardlintError) as caught:
        read(path)
    assert max(len(line) - len(f"{path}:1: ") for line in str(caught.value).splitlines()) <= 300


def test_file_that_cannot_be_read_is_told(config, tmp_path):
    with pytest.raises(CardlintError) as caught:
        read(tmp_path / "nowhere.toml")
    assert str(caught.value) == f"{tmp_path / 'nowhere.toml'}: No such file or directory"
    path = tmp_path / "latin.toml"
    path.write_bytes(b"a = '\xe9'")
    with pytest.raises(CardlintError, match=r"latin\.toml: not UTF-8 .byte 5.: save it as UTF-8"):
        read(path)
    with pytest.raises(CardlintError, match=r"cardlint\.toml: not TOML: .*line 1"):
        read(config("= 1"))


def test_nearest_configuration_above_counts(tmp_path):
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "cardlint.toml").write_text('select = ["LIC"]')
    assert discover(below).select == ("LIC",)
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert discover(below).select == ("LIC",)
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.cardlint]\nselect = ['MET']\n")
    assert discover(below).select == ("MET",)
    (tmp_path / "a" / "cardlint.toml").write_text("select = ['ART']")
    assert discover(below).select == ("ART",)
    (below / "pyproject.toml").write_text("[tool.cardlint.severity]\nLIC101 = 'note'\n")
    assert discover(below).severity == {"LIC101": "note"}


def test_configuration_above_the_repository_does_not_count(tmp_path):
    below = tmp_path / "repo" / "a"
    below.mkdir(parents=True)
    (tmp_path / "cardlint.toml").write_text('select = ["LIC"]')
    (tmp_path / "repo" / ".git").write_text("gitdir: elsewhere")
    assert discover(below) == Settings()
    (tmp_path / "repo" / "cardlint.toml").write_text("select = ['ART']")
    assert discover(below).select == ("ART",)


def test_pyproject_in_another_encoding_is_passed_over(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_bytes(b"# caf\xe9\n[project]\n")
    assert discover(tmp_path) == Settings()


@pytest.mark.parametrize("text", ["# [tool.cardlint]\ntool = 3\n", "# [tool.cardlint]\n[tool]\nother = 1\n"])
def test_project_without_a_table_of_ours_says_nothing(config, text):
    assert read(config(text, "pyproject.toml")).select == ()


def test_nesting_without_end_is_refused(config):
    with pytest.raises(CardlintError, match=r"cardlint\.toml: not TOML: "):
        read(config("select = " + "[" * 100_000))
