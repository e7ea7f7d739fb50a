"""What to train: the TrainerProgram that the resources compile to (runtimes/lib/graph/src/programs/trainer.ts)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class TrainingError(Exception):
    """Cannot train; the message says what is so and what is needed."""


@dataclass(frozen=True)
class Gate:
    """What must hold of a metric on the held-out rows before a model is published."""

    metric: str
    min: float | None
    max: float | None


@dataclass(frozen=True)
class Spec:
    model: str
    features: tuple[str, ...]
    baseline_features: tuple[str, ...]
    outcome: str
    max_rows: int
    #: Rows of posts older than this are left out, ms; None: none are.
    max_age_ms: int | None
    #: Ages of posts whose vectors are used, ms; empty: all that were logged.
    ages_ms: frozenset[int]
    #: Share of the posts, the newest, that the model is judged by.
    holdout: float
    algorithm: str
    params: dict[str, float]
    gates: tuple[Gate, ...]
    better_than_champion: bool
    seed: int


def read_spec(path: Path) -> Spec:
    """Reads the program. Raises TrainingError where a field is missing or a baseline feature is unknown."""
    program: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    try:
        spec = Spec(
            model=program["model"],
            features=tuple(program["features"]),
            baseline_features=tuple(program["baselineFeatures"]),
            outcome=program["outcome"],
            max_rows=program["maxRows"],
            max_age_ms=program.get("maxAgeMs"),
            ages_ms=frozenset(program["agesMs"]),
            holdout=program["holdout"],
            algorithm=program["algorithm"]["type"],
            params=dict(program["algorithm"]["params"]),
            gates=tuple(Gate(gate["metric"], gate.get("min"), gate.get("max")) for gate in program["gates"]),
            better_than_champion=program["betterThanChampion"],
            seed=program["seed"],
        )
    except KeyError as error:
        raise TrainingError(f"Cannot train: the program in {path} has no field {error}, a TrainerProgram is needed") from error
    unknown = sorted(set(spec.baseline_features) - set(spec.features))
    if unknown:
        raise TrainingError(f"Cannot train the baseline: {', '.join(unknown)} is no feature of model \"{spec.model}\"")
    return spec
