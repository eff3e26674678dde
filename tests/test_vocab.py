"""The vocabularies: sealed, consistent with themselves, and right about what authors really write."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from cardlint import data
from cardlint.vocab import (
    architectures,
    datasets,
    fields,
    languages,
    libraries,
    licenses,
    metrics,
    nearest,
    refresh,
    sealed,
    tasks,
    transformers,
    upstream,
)
from cardlint.vocab.derive import DERIVED

FOLDER = Path(str(data.folder("schemas"))) / "vocab"
FACTS = Path(__file__).parents[2] / "shared" / "facts"
KINDS = ("model", "dataset", "space")


def targets(spellings: dict[str, str | list[str]]) -> set[str]:
    return {identifier for target in spellings.values() for identifier in nearest.Near.of(target).ids}


@pytest.mark.parametrize("name", sorted(DERIVED))
def test_a_file_is_canonical_and_its_hash_is_right(name: str) -> None:
    path = FOLDER / f"{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["_meta"]["sha256"] == sealed.digest(content)
    assert path.read_text(encoding="utf-8") == sealed.text(sealed.sealed(content))
    assert content["_meta"].keys() - {"release"} == {"source", "date", "curated", "sha256"}
    assert set(content["_meta"]["curated"]) <= content.keys()


@pytest.mark.parametrize("name", sorted(DERIVED.keys() - {"language_names"}))
def test_ids_are_sorted_and_unique(name: str) -> None:
    ids = data.vocabulary(name)["ids"]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("name", ["licenses", "pipeline_tags", "libraries", "metrics"])
def test_a_spelling_is_no_id_and_means_one(name: str) -> None:
    vocabulary = data.vocabulary(name)
    ids = data.ids(name)
    assert targets(vocabulary["spellings"]) <= ids
    assert not vocabulary["spellings"].keys() & ids
    assert all(spelling == spelling.lower() for spelling in vocabulary["spellings"])


@pytest.mark.parametrize("name", ["licenses", "pipeline_tags", "libraries", "metrics"])
def test_no_two_ids_share_a_form(name: str) -> None:
    forms = [nearest.squeeze(identifier) for identifier in data.vocabulary(name)["ids"]]
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize("name", ["licenses", "pipeline_tags", "libraries"])
def test_spellings_of_one_form_mean_the_same(name: str) -> None:
    seen: dict[str, str | list[str]] = {}
    for spelling, target in data.vocabulary(name)["spellings"].items():
        assert seen.setdefault(nearest.squeeze(spelling), target) == target, spelling


def test_language_spellings_mean_codes() -> None:
    vocabulary = data.vocabulary("languages")
    names = data.vocabulary("language_names")
    assert targets(names["spellings"]) | targets(vocabulary["confusions"]) | targets(vocabulary["suspicious"]) <= languages.ids()
    assert not (names["spellings"].keys() | vocabulary["confusions"].keys()) & languages.ids()
    assert vocabulary["suspicious"].keys() <= languages.ids()
    assert not set(vocabulary["collective"] + vocabulary["withdrawn"]) & languages.ids()
    assert languages.ids() - set(vocabulary["special"]) <= names["names"].keys()


def test_field_spellings_mean_keys_of_their_kind() -> None:
    listed = data.vocabulary("fields")["spellings"]
    for kind in KINDS:
        assert targets(listed[kind]) <= {key for key in fields.of(kind) if fields.known(key, kind)}
    assert targets(listed["all"]) <= fields.of("model").keys()
    assert not {key for key in data.vocabulary("fields")["community"] if fields.kinds(key)}


def test_dataset_spellings_mean_values() -> None:
    for field, spellings in data.vocabulary("dataset_fields")["spellings"].items():
        assert targets(spellings) <= set(datasets.values(field))


def test_retired_tags_have_valid_successors() -> None:
    for tag, successors in data.vocabulary("pipeline_tags")["retired"].items():
        assert not tasks.known(tag)
        assert set(successors) <= tasks.ids()


NO_PIPELINE_TAG = {
    "pretraining",
    "next-sentence-prediction",
    "audio-frame-classification",
    "audio-xvector",
    "keypoint-matching",
    "text2text-generation",
}
"""Names of tasks in a library's own lists that hubs do not have."""


def test_tasks_of_architectures_are_pipeline_tags_or_known_to_be_none() -> None:
    vocabulary = data.vocabulary("architectures")
    named = {tag for tags, _ in vocabulary["classes"].values() for tag in tags}
    assert named - tasks.ids() <= NO_PIPELINE_TAG


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("apache2", "apache-2.0"),
        ("Apache License, Version 2.0", "apache-2.0"),
        ("Apache-2.0", "apache-2.0"),
        ("apache_2.0", "apache-2.0"),
        ("MIT", "mit"),
        ("The MIT License", "mit"),
        ("GPL-3.0-only", "gpl-3.0"),
        ("GPLv3", "gpl-3.0"),
        ("LGPL-2.1+", "lgpl-2.1"),
        ("AGPL-3.0-or-later", "agpl-3.0"),
        ("CC BY 4.0", "cc-by-4.0"),
        ("CC BY-NC-SA 4.0", "cc-by-nc-sa-4.0"),
        ("cc-by-nc-sa-4", "cc-by-nc-sa-4.0"),
        ("Creative Commons Attribution 4.0", "cc-by-4.0"),
        ("CC0", "cc0-1.0"),
        ("BSD 3-Clause", "bsd-3-clause"),
        ("BSD-3", "bsd-3-clause"),
        ("ODC-By-1.0", "odc-by"),
        ("llama-2", "llama2"),
        ("llama3.2-community", "llama3.2"),
        ("Llama 3.1 Community License", "llama3.1"),
        ("CreativeML OpenRAIL-M", "creativeml-openrail-m"),
        ("Gemma Terms of Use", "gemma"),
    ],
)
def test_a_licence_surely_meant(value: str, meant: str) -> None:
    assert licenses.near(value) == ((meant,), True)
    assert not licenses.known(value)


@pytest.mark.parametrize(
    ("value", "first", "count"),
    [
        ("cc-by", "cc-by-4.0", 4),
        ("MIT OR Apache-2.0", "mit", 2),
        ("bsl", "bsl-1.0", 2),
        ("proprietary", "other", 1),
        ("apache-2.O", "apache-2.0", 1),
    ],
)
def test_a_licence_perhaps_meant(value: str, first: str, count: int) -> None:
    found = licenses.near(value)
    assert (found.best, len(found.ids), found.sure) == (first, count, False)


@pytest.mark.parametrize("value", ["", "license", "{license}", "???", "the license", "x" * 100_000, "\ud800", "acme-research-1.0"])
def test_nothing_is_near_to_nonsense(value: str) -> None:
    assert not licenses.near(value).sure
    assert not languages.near(value)
    assert not tasks.near(value)
    assert not libraries.near(value)


def test_licence_flags() -> None:
    assert licenses.flags("cc-by-nc-nd-4.0") == {"non_commercial", "no_derivatives"}
    assert licenses.flags("llama3.1") == {"use_restricted", "vendor"}
    assert licenses.flags("mit") == licenses.flags("no-such") == frozenset()
    assert all(licenses.flags(identifier) <= set(licenses.FLAGS) for identifier in licenses.ids())
    gpl = licenses.get("gpl-3.0")
    assert gpl is not None
    assert gpl.spdx == "GPL-3.0"
    assert len(licenses.ids()) == 83


def test_licence_terms() -> None:
    terms = licenses.terms("llama3.1")
    assert terms is not None
    assert terms.sentences == ("Built with Llama",)
    assert terms.name_prefix == "Llama"
    assert terms.notice is not None
    assert terms.notice.startswith("Llama 3.1 is licensed")
    rail = licenses.terms("creativeml-openrail-m")
    assert rail is not None
    assert "use restrictions passed on" in rail.duties
    assert licenses.terms("zlib") is None


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("english", ("en",)),
        ("Deutsch", ("de",)),
        ("jp", ("ja",)),
        ("cn", ("zh",)),
        ("cz", ("cs",)),
        ("gr", ("el",)),
        ("dk", ("da",)),
        ("ua", ("uk",)),
        ("zh-CN", ("zh",)),
        ("pt_BR", ("pt",)),
        ("nb-NO", ("nb",)),
        ("EN", ("en",)),
        ("ger", ("de",)),
        ("C++", ("code",)),
        ("de-en", ("de", "en")),
        ("kr", ("kr",)),
        ("roa", ()),
        ("noinfo", ()),
        ("e.n", ()),
        ("Klingon", ("tlh",)),
    ],
)
def test_languages_near(value: str, meant: tuple[str, ...]) -> None:
    assert languages.near(value).ids == meant


def test_language_codes() -> None:
    assert languages.suspicious("kr") == ("ko",)
    assert languages.suspicious("en") == ()
    assert languages.short("deu") == languages.short("ger") == "de"
    assert languages.short("gsw") is None
    assert languages.collective("roa")
    assert languages.withdrawn("ajp")
    assert languages.name("de") == "German"
    assert languages.split("zh_hant_tw") == ("zh", "Hant", "TW", "")
    assert str(languages.split("sr-latn")) == "sr-Latn"
    assert languages.split("not a tag") is None


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("ner", "token-classification"),
        ("sentiment-analysis", "text-classification"),
        ("text2image", "text-to-image"),
        ("ASR", "automatic-speech-recognition"),
        ("token classification", "token-classification"),
        ("image_classification", "image-classification"),
        ("text-generaton", "text-generation"),
        ("conversational", "text-generation"),
        ("text2text-generation", "text-generation"),
    ],
)
def test_tasks_near(value: str, meant: str) -> None:
    assert tasks.near(value).best == meant


def test_tasks() -> None:
    assert len(tasks.ids()) == 57
    assert tasks.retired("structured-data-classification") == ("tabular-classification",)
    assert tasks.category_of("named-entity-recognition") == ("token-classification",)


def test_libraries() -> None:
    assert libraries.near("Transformers") == (("transformers",), True)
    assert libraries.near("scikit-learn") == (("sklearn",), True)
    assert libraries.near("paddleocr") == (("PaddleOCR",), True)
    assert libraries.near("transfomer").best == "transformers"
    assert not libraries.near("pytorch")
    assert libraries.framework("PyTorch")


@pytest.mark.parametrize(
    ("key", "kind", "meant"),
    [
        ("licence", "model", "license"),
        ("library", "model", "library_name"),
        ("languages", "dataset", "language"),
        ("dataset", "model", "datasets"),
        ("base_models", "model", "base_model"),
        ("model_index", "model", "model-index"),
        ("task", "model", "pipeline_tag"),
        ("pipline_tag", "model", "pipeline_tag"),
        ("Tags", "model", "tags"),
        ("size_category", "dataset", "size_categories"),
        ("color_from", "space", "colorFrom"),
        ("quantized_by", "model", None),
        ("sdk", "model", None),
    ],
)
def test_fields_near(key: str, kind: str, meant: str | None) -> None:
    assert fields.near(key, kind).best == meant  # type: ignore[arg-type]


def test_fields() -> None:
    assert fields.kinds("sdk") == ("space",)
    assert fields.successor("finetuned_from", "model") == "base_model"
    assert fields.successor("languages", "dataset") == "language"
    assert not fields.known("languages", "dataset")
    assert fields.of("model")["license"].schema == {"type": ["string", "array"], "items": {"type": "string"}}
    assert fields.community("quantized_by")


def test_field_schemas_are_schemas() -> None:
    from jsonschema import Draft202012Validator

    for kind in KINDS:
        for field in fields.of(kind).values():
            Draft202012Validator.check_schema(field.schema)


def test_datasets() -> None:
    assert datasets.bounds("n<1K") == (0, 1000)
    assert datasets.size_of(1000) == "1K<n<10K"
    assert datasets.size_of(10**15) == "n>1T"
    assert datasets.near("size_categories", "10k < n < 100k") == (("10K<n<100K",), True)
    assert not datasets.near("size_categories", "n>1K")
    assert datasets.near("annotations_creators", "crowd-sourced").best == "crowdsourced"
    assert datasets.near("task_ids", "ner").best == "named-entity-recognition"
    assert datasets.near("task_categories", "conversational").best == "text-generation"
    assert not datasets.near("task_ids", "text-classification")
    assert datasets.legacy("size_categories", "unknown")
    assert datasets.special_source("extended|acme/reviews")


def test_metrics() -> None:
    accuracy, wer, ranked = metrics.get("accuracy"), metrics.get("wer"), metrics.get("ndcg_at_10")
    assert accuracy
    assert wer
    assert ranked
    assert (accuracy.least, accuracy.most, accuracy.unit) == (0, 100, True)
    assert wer.better == "lower"
    assert wer.most is None
    assert ranked.most == 100
    assert metrics.near("F1 Score") == (("f1",), True)
    assert not metrics.near("ser")


def test_architectures() -> None:
    bert = architectures.get("TFBertForMaskedLM")
    assert bert is not None
    assert (bert.tasks, bert.model_types, bert.ambiguous) == (("fill-mask",), ("bert",), False)
    assert architectures.agrees("BertForMaskedLM", "text-to-image") is False
    assert architectures.agrees("BertForMaskedLM", "fill-mask") is True
    assert architectures.agrees("BartForConditionalGeneration", "text-to-image") is None
    assert architectures.agrees("NoSuchThing", "fill-mask") is None
    guessed = architectures.get("AcmeForTokenClassification")
    assert guessed is not None
    assert guessed.ambiguous
    assert architectures.known_model_type("llama")


def test_near_is_falsy_where_nothing_is_near() -> None:
    assert not nearest.NOTHING
    assert nearest.NOTHING.best is None
    assert nearest.near("licenses", "Apache-2.0")


def test_refresh_check_finds_nothing_stale(capsys: pytest.CaptureFixture[str]) -> None:
    assert refresh.main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_refresh_seals_what_was_edited() -> None:
    content = json.loads((FOLDER / "metrics.json").read_text(encoding="utf-8"))
    content["spellings"]["acme score"] = "accuracy"
    right = refresh.rebuilt("metrics", content, refresh.Sources())
    assert right["_meta"]["sha256"] == sealed.digest(content) != content["_meta"]["sha256"]


@pytest.mark.skipif(not FACTS.is_dir(), reason="the collected facts are not beside the project")
def test_refresh_from_the_facts_changes_nothing() -> None:
    assert refresh.main(["--check", "--facts", str(FACTS)]) == 0


def release(folder: Path) -> Path:
    """A made release of the npm package with one task and one library."""
    modules = {
        "package.json": '{"version": "9.9.9"}',
        "dist/esm/pipelines.js": """
export const MODALITY_LABELS = {
    nlp: "Natural Language Processing",
};
export const PIPELINE_DATA = {
    "fill-mask": {
        // a comment: with "marks
        name: "Fill-Mask",
        subtasks: [
            { type: "slot-filling", name: "Slot Filling" },
        ],
        modality: "nlp",
        hideInDatasets: true,
    },
};
""",
        "dist/esm/tasks/index.js": 'export const TASKS_MODEL_LIBRARIES = {\n    "fill-mask": ["transformers"],\n};\n',
        "dist/esm/model-libraries.js": """
export const MODEL_LIBRARIES_UI_ELEMENTS = {
    acme: {
        prettyLabel: "Acme: fast",
        snippets: snippets.acme,
        countDownloads: `path:"acme.json" AND {x}`,
    },
};
""",
        "dist/esm/dataset-libraries.js": 'export const DATASET_LIBRARIES_UI_ELEMENTS = {\n    pandas: { prettyLabel: "pandas" },\n};\n',
        "dist/esm/library-to-tasks.js": 'export const LIBRARY_TASK_MAPPING = {\n    // none yet\n    acme: ["fill-mask"],\n};\n',
    }
    path = folder / "release.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, module in modules.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(module.encode())
            archive.addfile(info, io.BytesIO(module.encode()))
    return path


def test_tasks_and_libraries_from_a_release(tmp_path: Path) -> None:
    sources = refresh.Sources(package=upstream.read_package(release(tmp_path)), date="2030-01-01")
    tags = refresh.rebuilt("pipeline_tags", data.vocabulary("pipeline_tags"), sources)
    assert tags["ids"] == ["fill-mask"]
    assert tags["tasks"]["fill-mask"] == {
        "name": "Fill-Mask",
        "modality": "nlp",
        "order": 0,
        "widget": "text",
        "subtasks": ["slot-filling"],
        "libraries": ["transformers"],
        "hidden": ["datasets"],
    }
    assert tags["spellings"] == data.vocabulary("pipeline_tags")["spellings"]
    assert (tags["_meta"]["release"], tags["_meta"]["date"]) == ("@huggingface/tasks 9.9.9", "2030-01-01")
    libs = refresh.rebuilt("libraries", data.vocabulary("libraries"), sources)
    assert libs["libraries"] == {"acme": {"name": "Acme: fast", "tasks": ["fill-mask"]}}
    lists = refresh.rebuilt("dataset_fields", data.vocabulary("dataset_fields"), sources)
    assert lists["values"]["task_ids"] == ["slot-filling"]
    assert lists["size_bounds"] == data.vocabulary("dataset_fields")["size_bounds"]
    assert refresh.rebuilt("metrics", data.vocabulary("metrics"), sources) == data.vocabulary("metrics")


@pytest.mark.skipif(not FACTS.is_dir(), reason="the collected facts are not beside the project")
def test_older_facts_do_not_set_back_what_a_release_gave(tmp_path: Path) -> None:
    facts, package = refresh.read_facts(FACTS), upstream.read_package(release(tmp_path))
    newer = refresh.rebuilt("libraries", data.vocabulary("libraries"), refresh.Sources(package=package))
    assert refresh.rebuilt("libraries", newer, refresh.Sources(facts=facts)) == newer
    assert refresh.rebuilt("libraries", newer, refresh.Sources(facts=facts, package=package))["ids"] == ["acme"]


MAPPINGS = """
MODEL_MAPPING_NAMES = OrderedDict([("acme", "AcmeModel"), ("acme-vision", ("AcmeModel", "AcmeVisionModel"))])
MODEL_FOR_CAUSAL_LM_MAPPING_NAMES = OrderedDict(
    [*list(MODEL_MAPPING_NAMES.items()), ("acme", "AcmeForCausalLM"), ("bert", "BertLMHeadModel")]
)
MODEL_FOR_ODD_THINGS_MAPPING_NAMES = OrderedDict([("acme", "AcmeForOddThings")])
raise SystemExit("nothing of a release is run")
"""
CONFIGURATIONS = 'CONFIG_MAPPING_NAMES = OrderedDict([("acme", "AcmeConfig"), ("acme-text", "AcmeTextConfig")])'


def wheel(folder: Path, name: str = "transformers-99.1.0-py3-none-any.whl", kinds: str = CONFIGURATIONS) -> Path:
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr("transformers/models/auto/modeling_auto.py", MAPPINGS)
        archive.writestr("transformers/models/auto/auto_mappings.py", kinds)
        archive.writestr("transformers/models/auto/configuration_auto.py", "")
    return folder / name


def test_architectures_from_a_release_of_transformers(tmp_path: Path) -> None:
    now = data.vocabulary("architectures")
    sources = refresh.Sources(transformers=transformers.read_wheel(wheel(tmp_path)), date="2030-01-01")
    right = refresh.rebuilt("architectures", now, sources)
    assert {name: entry for name, entry in right["classes"].items() if name not in now["classes"]} == {
        "AcmeForCausalLM": [["text-generation"], ["acme"]],
        "AcmeModel": [["feature-extraction"], ["acme", "acme-vision"]],
        "AcmeVisionModel": [["feature-extraction"], ["acme-vision"]],
    }
    assert right["classes"]["BertLMHeadModel"] == now["classes"]["BertLMHeadModel"]
    assert set(right["model_types"]) - set(now["model_types"]) == {"acme", "acme-text", "acme-vision"}
    assert (right["_meta"]["release"], right["_meta"]["date"]) == ("transformers 99.1.0", "2030-01-01")


@pytest.mark.parametrize(("name", "kinds"), [("other-1.0-py3-none-any.whl", CONFIGURATIONS), ("transformers-1.0-py3-none-any.whl", "")])
def test_a_wheel_that_tells_no_architectures(tmp_path: Path, name: str, kinds: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refresh.main(["--check", "--transformers", str(wheel(tmp_path, name, kinds))]) == 2
    assert "no wheel of transformers that can be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("version", "later"), [("99.0.0.dev0", True), ("4.38.2", False), ("{known}", False), ("{known}.1", False), ("", False), (None, False)]
)
def test_whether_a_configuration_is_of_a_later_transformers(version: str | None, later: bool) -> None:
    known = data.vocabulary("architectures")["_meta"]["release"].removeprefix("transformers ")
    assert architectures.is_later(version and version.format(known=known)) is later


def test_a_file_that_is_no_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.tgz").write_bytes(b"no archive")
    assert refresh.main(["--check", "--tasks-package", str(tmp_path / "x.tgz")]) == 2
    assert "x.tgz is no release" in capsys.readouterr().err
    assert refresh.main(["--check", "--facts", str(tmp_path)]) == 2
    assert "lacks" in capsys.readouterr().err


def test_spdx_ids_agree_with_license_expression() -> None:
    now = data.vocabulary("licenses")
    assert refresh.rebuilt("licenses", now, refresh.Sources(spdx=True))["licenses"] == now["licenses"]
