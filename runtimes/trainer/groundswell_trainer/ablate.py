"""`python -m groundswell_trainer.ablate`: trains again without each group of features, and says how much worse that is."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from .metrics import metrics_of
from .models import Rounds, find_rounds, fit, need_both_classes
from .rows import Rows, read_rows
from .spec import Spec, TrainingError, read_spec


def without(rows: Rows, columns: list[int]) -> Rows:
    """The same rows, as if these features had never been there: missing in all of them."""
    vectors = rows.vectors.copy()
    vectors[:, columns] = np.nan
    return Rows(vectors, rows.labels, rows.posts, rows.posted_at, rows.ages)


def figures(spec: Spec, rows: Rows, test: Rows, rounds: Rounds) -> list[dict[str, Any]]:
    """Trained on `rows`, how good it is on `test`, for each age."""
    scores = fit(rows, spec, rounds).model.predict_proba(test.vectors)[:, 1]
    found = []
    for age in np.unique(test.ages):
        at = test.ages == age
        metrics = metrics_of(test.labels[at], scores[at])
        found.append({"ageMs": int(age), "auc": metrics["Auc"], "liftAt10": metrics["LiftAt10"]})
    return found


def ablate(spec: Spec, rows: Rows, test: Rows, groups: dict[str, list[str]]) -> dict[str, Any]:
    need_both_classes(rows, spec)
    rounds = find_rounds(rows, spec)
    whole = figures(spec, rows, test, rounds)
    parts = []
    for name, features in groups.items():
        print(f"training without {name}", file=sys.stderr, flush=True)
        columns = [spec.features.index(feature) for feature in features]
        ages = figures(spec, without(rows, columns), without(test, columns), rounds)
        parts.append({"name": name, "features": features, "ages": ages})
    return {"rows": len(rows), "testRows": len(test), "ages": whole, "without": parts}


def main() -> int:
    parser = argparse.ArgumentParser(prog="groundswell_trainer.ablate", description=__doc__)
    parser.add_argument("--spec", type=Path, required=True, help="the TrainerProgram as JSON")
    parser.add_argument("--vectors", type=Path, required=True, help="predictions to train on, JSON lines")
    parser.add_argument("--test", type=Path, required=True, help="predictions to judge by, JSON lines")
    parser.add_argument("--outcomes", type=Path, required=True, help="outcomes of both, JSON lines")
    parser.add_argument("--groups", type=Path, required=True, help="name of each group to its features, JSON")
    parser.add_argument("--out", type=Path, required=True, help="the file for the figures, JSON")
    args = parser.parse_args()
    try:
        spec = read_spec(args.spec)
        rows, test = (read_rows(path, args.outcomes, spec) for path in (args.vectors, args.test))
        found = ablate(spec, rows, test, json.loads(args.groups.read_text(encoding="utf-8")))
        args.out.write_text(json.dumps(found) + "\n", encoding="utf-8")
    except (TrainingError, OSError) as error:
        print(str(error), file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
