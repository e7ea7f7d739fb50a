"""The trainer, end to end on small made-up rows: what it learns, what it refuses, that it repeats itself."""

import dataclasses
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from groundswell_trainer.__main__ import main, train
from groundswell_trainer.ablate import ablate
from groundswell_trainer.champion import Champion
from groundswell_trainer.rows import read_rows, split_by_time
from groundswell_trainer.spec import TrainingError, read_spec

PROGRAM = {
    "model": "m",
    "features": ["reach", "noise", "gap"],
    "baselineFeatures": ["noise"],
    "outcome": "viral",
    "maxRows": 1000,
    "agesMs": [],
    "holdout": 0.2,
    "gates": [{"metric": "Auc", "min": 0.78}, {"metric": "ParityError", "max": 0.0001}],
    "betterThanChampion": True,
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
    reach, chance = random.normal(size=(2, 500))
    vectors = [prediction(i, reach=float(r), noise=float(random.normal())) for i, r in enumerate(reach)]
    write(tmp_path, vectors, [outcome(i, bool(r + 0.2 * c > 0.5)) for i, (r, c) in enumerate(zip(reach, chance, strict=True))])
    return tmp_path


def write(folder: Path, vectors: list[dict], outcomes: list[dict], program: dict = PROGRAM) -> None:
    write_program(folder, program)
    (folder / "vectors.jsonl").write_text("".join(json.dumps(v) + "\n" for v in vectors))
    (folder / "outcomes.jsonl").write_text("".join(json.dumps(o) + "\n" for o in outcomes))


def write_program(folder: Path, program: dict) -> None:
    (folder / "spec.json").write_text(json.dumps(program))


def rows_of(folder: Path):
    return read_rows(folder / "vectors.jsonl", folder / "outcomes.jsonl", read_spec(folder / "spec.json"))


def test_learns_what_decides_and_the_baseline_does_not_see_it(folder: Path) -> None:
    card = train(read_spec(folder / "spec.json"), rows_of(folder), folder / "out")
    assert card["candidate"]["holdout"]["Auc"] > 0.95
    assert card["baseline"]["holdout"]["Auc"] < 0.7
    assert next(iter(card["candidate"]["importances"])) == "reach"


def test_the_onnx_file_takes_the_feature_list_and_missing_values(folder: Path) -> None:
    train(read_spec(folder / "spec.json"), rows_of(folder), folder / "out")
    for name in ("model.onnx", "baseline.onnx"):
        session = onnxruntime.InferenceSession(str(folder / "out" / name))
        assert session.get_inputs()[0].shape[1] == 3
        probabilities = session.run(["probabilities"], {"input": np.array([[2, 0, np.nan]], dtype=np.float32)})[0]
        assert probabilities.shape == (1, 2)
        assert probabilities.sum() == pytest.approx(1)


ALGORITHMS = [
    {"type": "XGBoost", "params": {"trees": 40}},
    {"type": "LightGBM", "params": {"trees": 40}},
    {"type": "LogisticRegression", "params": {}},
    {"type": "FactorizationMachine", "params": {"factors": 2}},
]


@pytest.mark.parametrize("algorithm", ALGORITHMS, ids=lambda a: a["type"])
def test_every_algorithm_learns_says_what_brought_it_and_exports_what_it_learnt(folder: Path, algorithm: dict) -> None:
    write_program(folder, PROGRAM | {"algorithm": algorithm})
    spec = read_spec(folder / "spec.json")
    first, second = (train(spec, rows_of(folder), folder / name) for name in ("a", "b"))
    assert first == second
    assert first["result"] == "Published"
    assert first["candidate"]["parity"] <= 1e-4
    assert next(iter(first["candidate"]["importances"])) == "reach"


def test_factorisation_machines_learn_what_lies_in_pairs_of_features(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    reach, noise = random.normal(size=(2, 1500))
    vectors = [prediction(i, reach=float(reach[i]), noise=float(noise[i])) for i in range(1500)]
    outcomes = [outcome(i, bool(reach[i] * noise[i] > 0.5)) for i in range(1500)]
    program = PROGRAM | {"maxRows": 5000, "algorithm": {"type": "FactorizationMachine", "params": {"learningRate": 0.05}}}
    write(tmp_path, vectors, outcomes, program)
    card = train(read_spec(tmp_path / "spec.json"), rows_of(tmp_path), tmp_path / "out")
    assert card["candidate"]["holdout"]["Auc"] > 0.9
    program["algorithm"] = {"type": "LogisticRegression", "params": {}}
    write_program(tmp_path, program)
    plain = train(read_spec(tmp_path / "spec.json"), rows_of(tmp_path), tmp_path / "out")
    assert plain["candidate"]["holdout"]["Auc"] < 0.6


def test_a_gate_that_is_not_passed_refuses_the_model_and_says_by_how_much(folder: Path) -> None:
    gates = [{"metric": "Auc", "min": 0.99999}, {"metric": "CalibrationError", "max": 1}, {"metric": "LogLoss", "max": 0.0001}]
    write_program(folder, PROGRAM | {"gates": gates})
    card = train(read_spec(folder / "spec.json"), rows_of(folder), folder / "out")
    assert card["result"] == "Refused"
    assert [gate["passed"] for gate in card["gates"]] == [False, True, False]
    assert "at least 0.99999 is needed; LogLoss is" in card["message"]


def test_a_model_must_beat_the_champion_on_rows_that_neither_has_seen(folder: Path) -> None:
    spec, rows = read_spec(folder / "spec.json"), rows_of(folder)
    train(spec, rows, folder / "first")
    good, bad = (Champion(folder / "first" / name, None, 1, None) for name in ("model.onnx", "baseline.onnx"))
    worse = train(spec, rows, folder / "second", good)
    assert worse["result"] == "Refused"
    assert "on rows that the champion has not seen, the champion's is" in worse["message"]
    better = train(spec, rows, folder / "second", bad)
    assert (better["result"], better["versus"]["rows"]) == ("Published", 100)
    unknown = train(spec, rows, folder / "second", dataclasses.replace(good, trained_to=490_000))
    assert re.search(r"\d of 9 held-out rows that the champion was not trained on are positive, 20 are needed", unknown["message"])


def test_a_champion_of_other_features_is_named(folder: Path) -> None:
    spec, rows = read_spec(folder / "spec.json"), rows_of(folder)
    (folder / "other.onnx").write_bytes(b"no model")
    with pytest.raises(TrainingError, match="Cannot compare with the champion other.onnx"):
        train(spec, rows, folder / "out", Champion(folder / "other.onnx", None, 1, None))


def test_the_card_says_what_vectors_and_scores_looked_like(folder: Path) -> None:
    card = train(read_spec(folder / "spec.json"), rows_of(folder), folder / "out")
    gap, reach = (card["summary"]["features"][name] for name in ("gap", "reach"))
    assert (gap["missing"], gap["edges"], gap["shares"]) == (0.334, [1.0], [0.0, 1.0])
    assert reach["shares"] == pytest.approx([0.1] * 10)
    assert sum(card["summary"]["score"]["shares"]) == pytest.approx(1)


def test_only_rows_of_the_declared_ages_and_span_are_used(tmp_path: Path) -> None:
    vectors = [prediction(i, reach=i, noise=0, age=age) for i in range(10) for age in (0, 300)]
    write(tmp_path, vectors, [outcome(i, i % 2 == 0) for i in range(10)], PROGRAM | {"agesMs": [300], "maxAgeMs": 4000})
    rows = rows_of(tmp_path)
    assert (rows.ages.tolist(), rows.posted_at.min()) == ([300] * 5, 5000)


def test_the_same_rows_give_the_same_bytes(folder: Path) -> None:
    spec = read_spec(folder / "spec.json")
    first, second = (train(spec, rows_of(folder), folder / name) for name in ("a", "b"))
    assert first == second


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


def test_names_a_parameter_that_the_algorithm_does_not_have(folder: Path) -> None:
    write_program(folder, PROGRAM | {"algorithm": {"type": "LightGBM", "params": {"depth": 3}}})
    with pytest.raises(TrainingError, match="LightGBM has no parameter depth, it has trees, leaves"):
        train(read_spec(folder / "spec.json"), rows_of(folder), folder / "out")


def test_says_so_where_all_that_became_positive_is_new(tmp_path: Path) -> None:
    write(tmp_path, [prediction(i, reach=i, noise=0) for i in range(20)], [outcome(i, i > 17) for i in range(20)])
    with pytest.raises(TrainingError, match="the 16 older rows, which train, are all of one class"):
        train(read_spec(tmp_path / "spec.json"), rows_of(tmp_path), tmp_path / "out")


def test_names_the_broken_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, [], [])
    (tmp_path / "outcomes.jsonl").write_text('{"outcome"\n')
    files = [f"--{name}={tmp_path / file}" for name, file in (("spec", "spec.json"), ("vectors", "vectors.jsonl"), ("outcomes", "outcomes.jsonl"))]
    monkeypatch.setattr("sys.argv", ["groundswell_trainer", *files, f"--out={tmp_path}"])
    assert main() == 1
    assert "Cannot read outcomes.jsonl: line 1 is no JSON" in capsys.readouterr().err


def test_ablation_says_what_each_feature_brings(folder: Path) -> None:
    spec = read_spec(folder / "spec.json")
    early, late = split_by_time(read_rows(folder / "vectors.jsonl", folder / "outcomes.jsonl", spec), 0.3)
    found = ablate(spec, early, late, {"reach": ["reach"], "others": ["noise", "gap"]})
    whole = found["ages"][0]["auc"]
    without = {part["name"]: part["ages"][0]["auc"] for part in found["without"]}
    assert found["rows"] == len(early) and found["testRows"] == len(late)
    assert whole > 0.95
    assert without["reach"] < 0.65
    assert abs(without["others"] - whole) < 0.03


@pytest.mark.parametrize(("algorithm", "file"), [("XGBoost", "model.xgboost.json"), ("LightGBM", "model.lightgbm.txt"), ("LogisticRegression", None)])
def test_a_model_of_trees_lies_beside_its_onnx_file(folder: Path, algorithm: str, file: str | None) -> None:
    params = {} if algorithm == "LogisticRegression" else {"trees": 10}
    write_program(folder, PROGRAM | {"algorithm": {"type": algorithm, "params": params}})
    spec = read_spec(folder / "spec.json")
    card = train(spec, read_rows(folder / "vectors.jsonl", folder / "outcomes.jsonl", spec), folder / "out")
    native = card["candidate"].get("native")
    assert (native and native["file"]) == file
    if native is not None:
        assert hashlib.sha256((folder / "out" / native["file"]).read_bytes()).hexdigest() == native["sha256"]
