"""The trainer, end to end on small made-up rows: what it learns, what it refuses, that it repeats itself."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from groundswell_trainer.__main__ import main, train
from groundswell_trainer.rows import read_rows, split_by_time
from groundswell_trainer.spec import TrainingError, read_spec

PROGRAM = {
    "model": "m",
    "features": ["reach", "noise", "gap"],
    "baselineFeatures": ["noise"],
    "outcome": "viral",
    "maxRows": 1000,
    "algorithm": {"type": "XGBoost", "params": {"trees": 40, "depth": 3, "learningRate": 0.2}},
    "seed": 1,
}


def prediction(post: int, *, reach: float, noise: float, age: int = 0, **over: object) -> dict:
    vector = [reach, noise, None if post % 3 == 0 else 1.0]
    at = 1_000 * post
    row = {"model": "m", "post_id": f"p{post}", "posted_at": at, "scored_at": at + age, "age_ms": age, "trigger": "age", "vector": vector}
    return row | over


def outcome(post: int, positive: bool) -> dict:
    return {"outcome": "viral", "post_id": f"p{post}", "positive": positive}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(7)
    reach = random.normal(size=300)
    vectors = [prediction(i, reach=float(r), noise=float(random.normal())) for i, r in enumerate(reach)]
    write(tmp_path, vectors, [outcome(i, bool(r > 0.5)) for i, r in enumerate(reach)])
    return tmp_path


def write(folder: Path, vectors: list[dict], outcomes: list[dict], program: dict = PROGRAM) -> None:
    (folder / "spec.json").write_text(json.dumps(program))
    (folder / "vectors.jsonl").write_text("".join(json.dumps(v) + "\n" for v in vectors))
    (folder / "outcomes.jsonl").write_text("".join(json.dumps(o) + "\n" for o in outcomes))


def rows_of(folder: Path):
    return read_rows(folder / "vectors.jsonl", folder / "outcomes.jsonl", read_spec(folder / "spec.json"))


def test_learns_what_decides_and_the_baseline_does_not_see_it(folder: Path) -> None:
    card = train(read_spec(folder / "spec.json"), rows_of(folder), folder / "out")
    assert card["champion"]["holdout"]["rocAuc"] > 0.95
    assert card["baseline"]["holdout"]["rocAuc"] < 0.7
    assert next(iter(card["champion"]["importances"])) == "reach"


def test_the_onnx_file_takes_the_feature_list_and_missing_values(folder: Path) -> None:
    train(read_spec(folder / "spec.json"), rows_of(folder), folder / "out")
    for name in ("model.onnx", "baseline.onnx"):
        session = onnxruntime.InferenceSession(str(folder / "out" / name))
        assert session.get_inputs()[0].shape[1] == 3
        probabilities = session.run(["probabilities"], {"input": np.array([[2, 0, np.nan]], dtype=np.float32)})[0]
        assert probabilities.shape == (1, 2)
        assert probabilities.sum() == pytest.approx(1)


def test_the_same_rows_give_the_same_bytes(folder: Path) -> None:
    spec = read_spec(folder / "spec.json")
    first, second = (train(spec, rows_of(folder), folder / name) for name in ("a", "b"))
    assert first["champion"]["sha256"] == second["champion"]["sha256"]
    assert first["baseline"]["sha256"] == second["baseline"]["sha256"]


def test_rows_without_a_matured_label_and_rescored_changes_are_left_out(tmp_path: Path) -> None:
    vectors = [prediction(i, reach=i, noise=0) for i in range(4)] + [prediction(1, reach=9, noise=0, age=5, trigger="change")]
    write(tmp_path, vectors, [outcome(0, True), outcome(1, False)])
    assert rows_of(tmp_path).vectors[:, 0].tolist() == [0, 1]


def test_a_vector_logged_by_two_variants_counts_once(tmp_path: Path) -> None:
    write(tmp_path, [prediction(0, reach=1, noise=0), prediction(0, reach=1, noise=0), prediction(1, reach=2, noise=0)], [outcome(0, True), outcome(1, False)])
    assert len(rows_of(tmp_path)) == 2


def test_no_post_is_on_both_sides_of_the_split(tmp_path: Path) -> None:
    vectors = [prediction(i, reach=i, noise=0, age=age) for i in range(10) for age in (0, 300)]
    write(tmp_path, vectors, [outcome(i, i % 2 == 0) for i in range(10)])
    early, late = split_by_time(rows_of(tmp_path), 0.2)
    assert set(early.posts) & set(late.posts) == set()
    assert early.posted_at.max() < late.posted_at.min()
    assert len(np.unique(late.posts)) == 2


@pytest.mark.parametrize(
    ("vectors", "outcomes", "program", "message"),
    [
        ([prediction(0, reach=1, noise=0, vector=[1, 2])], [outcome(0, True)], PROGRAM, "a logged vector has 2 values, the resource lists 3 features"),
        ([prediction(0, reach=1, noise=0)], [outcome(0, True)], PROGRAM, "1 of 1 rows with a matured label are positive, both classes are needed"),
        ([], [], PROGRAM, "0 of 0 rows with a matured label"),
        ([], [], PROGRAM | {"baselineFeatures": ["fame"]}, 'fame is no feature of model "m"'),
        ([], [], {"model": "m"}, "has no field 'features'"),
    ],
)
def test_says_why_it_cannot_train(tmp_path: Path, vectors, outcomes, program, message) -> None:
    write(tmp_path, vectors, outcomes, program)
    with pytest.raises(TrainingError, match=message.replace("(", r"\(")):
        rows_of(tmp_path)


def test_names_the_broken_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, [], [])
    (tmp_path / "outcomes.jsonl").write_text('{"outcome"\n')
    files = [f"--{name}={tmp_path / file}" for name, file in (("spec", "spec.json"), ("vectors", "vectors.jsonl"), ("outcomes", "outcomes.jsonl"))]
    monkeypatch.setattr("sys.argv", ["groundswell_trainer", *files, f"--out={tmp_path}"])
    assert main() == 1
    assert "Cannot read outcomes.jsonl: line 1 is no JSON" in capsys.readouterr().err
