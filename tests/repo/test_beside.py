"""Pipelines, merges, results, libraries and pickles."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections import OrderedDict

import pytest

from cardlint.repo.files import FileEntry
from cardlint.repo.repo import Repo


def repo(**files: object) -> Repo:
    return Repo.from_contents({name: value if isinstance(value, bytes) else json.dumps(value).encode() for name, value in files.items()})


def test_diffusers() -> None:
    index = {"_class_name": "P", "unet": ["diffusers", "U"], "vae": ["diffusers", "V"], "safety": [None, None], "flag": True}
    found = repo(**{"model_index.json": index, "unet/config.json": {}}).diffusers.value
    assert found is not None
    assert (found.class_name, sorted(found.components), found.missing) == ("P", ["unet", "vae"], ("vae",))


def test_sentence_transformers() -> None:
    modules = [
        {"path": "", "type": "s.Transformer"},
        {"path": "1_Pooling", "type": "s.Pooling"},
        {"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    files = {"modules.json": modules, "sentence_bert_config.json": {"max_seq_length": 256}, "1_Pooling/config.json": {}}
    found = repo(**files).sentence_transformers.value
    assert found is not None
    assert (len(found.modules), found.missing, found.max_seq_length) == (3, (), 256)


def test_spacy_and_other_meta() -> None:
    found = repo(**{"meta.json": {"lang": "xx", "pipeline": ["ner"], "license": "MIT", "sources": [{"name": "S"}, 3]}}).spacy.value
    assert found is not None
    assert (found.language, found.license, found.pipeline, found.sources) == ("xx", "MIT", ("ner",), ("S",))
    assert repo(**{"meta.json": {"other": 1}}).spacy.state == "absent"


def test_merges() -> None:
    text = b"""
models:
  - model: a/one+some/lora
  - model: {model: {path: b/two}}
slices:
  - sources: [{model: c/three, layer_range: [0, 4]}, {model: a/one}]
merge_method: ties
base_model: d/base@main
dtype: float16
"""
    found = repo(**{"mergekit_config.yml": text}).merge.value
    assert found is not None
    assert (found.method, found.models, found.base_model, found.dtype) == (
        "ties",
        ("a/one", "b/two", "c/three", "d/base"),
        "d/base",
        "float16",
    )
    assert repo(**{"mergekit_config.yml": b"- a\n"}).merge.state == "unreadable"
    assert repo(**{"mergekit_config.yml": b"a: [&x [*x, *x]" + b"[" * 5000}).merge.state == "unreadable"


def test_results() -> None:
    made = repo(
        **{
            "all_results.json": {"eval_accuracy": 0.9, "note": "x", "flag": True},
            ".eval_results/a.yaml": b"- dataset: {id: o/d, task_id: t}\n  value: 41.5\n  date: '2026-01-02'\n",
            "trainer_state.json": {"global_step": 10, "epoch": 1.0, "log_history": [{"eval_loss": 2.0}, {"loss": 1}, {"eval_loss": 1.0}]},
            "eval_results.json": b"{",
        }
    ).results
    assert [tuple(metric) for metric in made.metrics] == [("all_results.json", "eval_accuracy", 0.9)]
    assert made.eval_results[0][1:5] == ("o/d", "t", 41.5, "2026-01-02")
    assert made.training is not None
    assert (made.training.steps, made.training.evaluation) == (10, {"eval_loss": 1.0})
    assert [answer.path for answer in made.unread] == ["eval_results.json"]


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"config.json": {"model_type": "bert"}, "model.safetensors": b""}, {"transformers": ()}),
        (
            {"adapter_config.json": {"peft_type": "LORA"}},
            {"peft": ("adapter_model.safetensors | adapter_model.bin | adapter_model*.safetensors",)},
        ),
        (
            {"modules.json": [], "config_sentence_transformers.json": {}, "0_T/config.json": {}, "1_P/config.json": {}},
            {"sentence-transformers": ()},
        ),
        ({"model_index.json": {}}, {"diffusers": ()}),
        ({"deep/er/x.GGUF": b""}, {"gguf": ()}),
        ({"meta.json": {"spacy_version": "3"}, "config.cfg": b""}, {"spacy": ()}),
        ({"config.json": {"sklearn": {}}, "m.pkl": b""}, {"sklearn": ()}),
        ({"README.md": b""}, {}),
    ],
)
def test_libraries(files: dict, wanted: dict) -> None:
    assert {library.id: library.missing for library in repo(**files).libraries.found} == wanted


def test_a_long_listing_is_searched_once_a_pattern() -> None:
    files = tuple(FileEntry(f"folder/{number}/pytorch_model-{number}.txt") for number in range(50_000))
    assert Repo(files, None).libraries.found == ()


class Runs:
    def __reduce__(self) -> tuple:
        return print, ("never",)


def archive(data: bytes, kind: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as made:
        made.writestr("archive/data.pkl", data)
        made.writestr("archive/data/0", b"\x80\x02" * 50)
    return stream.getvalue()


def test_pickles_are_scanned_and_never_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("picklescan")
    import os

    class Dangerous:
        def __reduce__(self) -> tuple:
            return os.system, ("exit 1",)

    legacy = b"".join(pickle.dumps(part, 2) for part in (0x1950A86A20F9469CFC6C, 1001, {}, OrderedDict(a=1), [])) + bytes(2_000_000)
    scans = Repo.from_contents(
        {
            "bad.pkl": pickle.dumps(Dangerous()),
            "bomb.pt": archive(b"N" * 50_000_000, zipfile.ZIP_DEFLATED),
            "legacy.pth": legacy,
            "model.bin": archive(pickle.dumps(OrderedDict())),
            "odd.pkl": pickle.dumps(Runs()),
            "other.bin": b"no pickle",
            "packed.joblib": b"\x1f\x8b\x08",
            "torn.pt": archive(pickle.dumps(OrderedDict()))[:60],
            "worse.pt": archive(pickle.dumps(Dangerous())),
        }
    ).pickles
    verdicts = {scan.path: scan.verdict for scan in scans}
    assert verdicts == {
        "bad.pkl": "dangerous",
        "bomb.pt": "not-scanned",
        "legacy.pth": "clean",
        "model.bin": "clean",
        "odd.pkl": "suspicious",
        "other.bin": "not-scanned",
        "packed.joblib": "not-scanned",
        "torn.pt": "not-scanned",
        "worse.pt": "dangerous",
    }
    assert capsys.readouterr().out == ""
