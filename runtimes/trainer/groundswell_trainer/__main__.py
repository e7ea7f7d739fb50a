"""`python -m groundswell_trainer`: trains a model and its baseline, judges them, and writes ONNX files and the model card."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from .champion import Champion
from .export import export_onnx, parity_of, save_native
from .judge import judge
from .metrics import metrics_of
from .models import Tell, Trained, find_rounds, fit, fit_regression, need_both_classes
from .rows import Rows, read_rows, split_by_time
from .spec import Spec, TrainingError, read_spec
from .summary import summary_of


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def every_fifth(rounds: int | None) -> Tell:
    """Progress of a fit, five times."""
    step = max(1, (rounds or 1) // 5)

    def tell(trees: int) -> None:
        if trees % step == 0:
            say(f"{trees} of {rounds} trees")

    return tell


def publish(trained: Trained, rows: Rows, path: Path) -> dict[str, Any]:
    """Writes the ONNX file and answers what the card says of it."""
    digest = export_onnx(trained.model, rows.vectors.shape[1], path)
    native = save_native(trained.model, path.parent, path.stem)
    return {
        "file": path.name,
        "sha256": digest,
        **({} if native is None else {"native": native}),
        "parity": parity_of(trained.model, path, rows.vectors[-10_000:]),
        "importances": dict(sorted(trained.importances.items(), key=lambda item: (-item[1], item[0]))),
    }


def holdout_of(trial: Trained, late: Rows) -> tuple[np.ndarray, dict[str, Any]]:
    """Scores of the held-out rows by a model that has not seen them, and how good they are."""
    scores = trial.model.predict_proba(late.vectors)[:, 1] if len(late) > 0 else np.zeros(0)
    counts = {"rows": len(late), "positives": int(late.labels.sum())}
    return scores, counts | metrics_of(late.labels, scores)


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
        "rowsSha256": rows.digest(),
    }


def train(spec: Spec, rows: Rows, out: Path, champion: Champion | None = None) -> dict[str, Any]:
    """
    Trains, exports, checks and judges everything, and writes `model.onnx`, `baseline.onnx` and `card.json` to `out`,
    and beside a model of trees what its own library saves, for exact reasons.

    A trial on the older rows is judged by the newest ones; what is published is then trained on all.
    """
    out.mkdir(parents=True, exist_ok=True)
    early, late = split_by_time(rows, spec.holdout)
    need_both_classes(early, spec)
    rounds = find_rounds(early, spec)
    scores, holdout = holdout_of(fit(early, spec, rounds), late)
    say(f"judged by {len(late)} held-out rows: ROC-AUC {holdout['Auc'] if holdout['Auc'] is not None else 'unknown'}; training on all rows")
    trained = fit(rows, spec, rounds, every_fifth(rounds))
    candidate = publish(trained, rows, out / "model.onnx") | ({} if rounds is None else {"rounds": rounds})
    judgement = judge(spec, late, scores, holdout | {"ParityError": candidate["parity"]}, champion)
    card = card_of(spec, rows) | {
        "result": "Refused" if judgement.objections else "Published",
        "message": "; ".join(judgement.objections) or "All gates are passed",
        "gates": judgement.gates,
        **({} if judgement.versus is None else {"versus": judgement.versus}),
        "candidate": candidate | {"holdout": holdout},
    }
    if spec.baseline_features:
        _, plain = holdout_of(fit_regression(early, spec, spec.baseline_features), late)
        baseline = publish(fit_regression(rows, spec, spec.baseline_features), rows, out / "baseline.onnx")
        card["baseline"] = baseline | {"holdout": plain, "features": list(spec.baseline_features)}
    card["summary"] = summary_of(spec, rows, trained.model.predict_proba(rows.vectors)[:, 1])
    (out / "card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    say(f"{card['result'].lower()}: {card['message']}")
    return card


def champion_of(args: argparse.Namespace) -> Champion | None:
    if args.champion is None:
        return None
    return Champion(args.champion, args.champion_output, args.champion_class, args.champion_trained_to)


def main() -> int:
    parser = argparse.ArgumentParser(prog="groundswell_trainer", description=__doc__, fromfile_prefix_chars="@", epilog="@file: arguments from a file, one a line.")
    parser.add_argument("--spec", type=Path, required=True, help="the TrainerProgram as JSON")
    parser.add_argument("--vectors", type=Path, required=True, help="logged predictions, JSON lines")
    parser.add_argument("--outcomes", type=Path, required=True, help="matured outcomes, JSON lines")
    parser.add_argument("--out", type=Path, required=True, help="folder for the model, the baseline and the card")
    parser.add_argument("--champion", type=Path, help="ONNX file of the model that serves now, to be better than")
    parser.add_argument("--champion-output", help="its output (default: probabilities)")
    parser.add_argument("--champion-class", type=int, default=1, help="column of the positive class (default: 1)")
    parser.add_argument("--champion-trained-to", type=int, help="newest post that it was trained on, ms since the epoch")
    args = parser.parse_args()
    try:
        spec = read_spec(args.spec)
        rows = read_rows(args.vectors, args.outcomes, spec)
        say(f"training \"{spec.model}\" on {len(rows)} rows of {int(rows.posts[-1]) + 1} posts, {int(rows.labels.sum())} rows positive")
        train(spec, rows, args.out, champion_of(args))
    except (TrainingError, OSError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
