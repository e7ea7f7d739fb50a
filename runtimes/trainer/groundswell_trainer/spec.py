"""What to train: the TrainerProgram that the resources compile to (runtimes/lib/graph/src/programs/api.ts)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class TrainingError(Exception):
    """Cannot train; the message says what is so and what is needed."""


@dataclass(frozen=True)
class Spec:
    model: str
    features: tuple[str, ...]
    baseline_features: tuple[str, ...]
    outcome: str
    max_rows: int
    algorithm: str
    params: dict[str, float]
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
            algorithm=program["algorithm"]["type"],
            params=dict(program["algorithm"]["params"]),
            seed=program["seed"],
        )
    except KeyError as error:
        raise TrainingError(f"Cannot train: the program in {path} has no field {error}, a TrainerProgram is needed") from error
    unknown = sorted(set(spec.baseline_features) - set(spec.features))
    if unknown:
        raise TrainingError(f"Cannot train the baseline: {', '.join(unknown)} is no feature of model \"{spec.model}\"")
    return spec
