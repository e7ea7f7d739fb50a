"""`python -m groundswell_trainer`: trains a model and its baseline, and writes ONNX files and the model card."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .export import check_parity, export_onnx
from .models import Trained, train_regression, train_trees
from .rows import Rows, read_rows
from .spec import Spec, TrainingError, read_spec


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def publish(trained: Trained, rows: Rows, path: Path) -> dict[str, Any]:
    """Writes the ONNX file and answers what the card says of it."""
    digest = export_onnx(trained.model, rows.vectors.shape[1], path)
    parity = check_parity(trained.model, path, rows.vectors[-10_000:])
    say(f"{path.name}: {path.stat().st_size} bytes, holdout ROC-AUC {trained.holdout['rocAuc']:.3f}, parity {parity:.1e}")
    return {
        "file": path.name,
        "sha256": digest,
        "holdout": trained.holdout,
        "parity": parity,
        "importances": dict(sorted(trained.importances.items(), key=lambda item: (-item[1], item[0]))),
    }


def card_of(spec: Spec, rows: Rows) -> dict[str, Any]:
    return {
        "model": spec.model,
        "outcome": spec.outcome,
        "algorithm": {"type": spec.algorithm, "params": spec.params, "seed": spec.seed},
        "features": list(spec.features),
        "rows": len(rows),
        "posts": int(rows.posts[-1]) + 1,
        "positives": int(rows.labels.sum()),
        "postedFrom": int(rows.posted_at.min()),
        "postedTo": int(rows.posted_at.max()),
    }


def train(spec: Spec, rows: Rows, out: Path) -> dict[str, Any]:
    """Trains, exports and checks everything, and writes `model.onnx`, `baseline.onnx` and `card.json` to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    model = train_trees(rows, spec) if spec.algorithm == "XGBoost" else train_regression(rows, spec, spec.features)
    card = card_of(spec, rows) | {"champion": publish(model, rows, out / "model.onnx")}
    if spec.baseline_features:
        baseline = train_regression(rows, spec, spec.baseline_features)
        card["baseline"] = publish(baseline, rows, out / "baseline.onnx") | {"features": list(spec.baseline_features)}
    (out / "card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return card


def main() -> int:
    parser = argparse.ArgumentParser(prog="groundswell_trainer", description=__doc__)
    parser.add_argument("--spec", type=Path, required=True, help="the TrainerProgram as JSON")
    parser.add_argument("--vectors", type=Path, required=True, help="logged predictions, JSON lines")
    parser.add_argument("--outcomes", type=Path, required=True, help="matured outcomes, JSON lines")
    parser.add_argument("--out", type=Path, required=True, help="folder for the model, the baseline and the card")
    args = parser.parse_args()
    try:
        spec = read_spec(args.spec)
        rows = read_rows(args.vectors, args.outcomes, spec)
        say(f"training \"{spec.model}\" on {len(rows)} rows of {int(rows.posts[-1]) + 1} posts, {int(rows.labels.sum())} rows positive")
        train(spec, rows, args.out)
    except (TrainingError, OSError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
