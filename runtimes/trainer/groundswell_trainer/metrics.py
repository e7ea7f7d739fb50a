"""How good scores are on held-out rows. Names and definitions as in runtimes/lib/evidence/src/measures.ts."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

#: Bins of equal size in which the calibration error compares what was foretold with what came.
CALIBRATION_BINS = 10

#: Probabilities are kept so far away from 0 and 1 in the log loss.
CLIP = 1e-3


def calibration_error(labels: np.ndarray, scores: np.ndarray) -> float:
    """Expected calibration error over ten bins of as many rows, less what chance alone would bring a calibrated model."""
    error = 0.0
    for part in np.array_split(np.argsort(scores, kind="stable"), CALIBRATION_BINS):
        if len(part) == 0:
            continue
        foretold, came = scores[part].mean(), labels[part].mean()
        chance = np.sqrt(2 / np.pi * max(0.0, foretold * (1 - foretold)) / len(part))
        error += (abs(foretold - came) - chance) * len(part) / len(scores)
    return max(0.0, float(error))


def lift_at(labels: np.ndarray, scores: np.ndarray, share: float) -> float:
    """Share of positives among the best-scored, over that among all."""
    best = np.argsort(-scores, kind="stable")[: max(1, round(len(scores) * share))]
    return float(labels[best].mean() / labels.mean())


def metrics_of(labels: np.ndarray, scores: np.ndarray) -> dict[str, float | None]:
    """Every metric that a gate may name, but ParityError. None where one of the classes is missing."""
    if len(labels) == 0 or labels.min() == labels.max():
        return dict.fromkeys(("Auc", "PrAuc", "LogLoss", "CalibrationError", "LiftAt1", "LiftAt10"))
    figures = {
        "Auc": roc_auc_score(labels, scores),
        "PrAuc": average_precision_score(labels, scores),
        "LogLoss": log_loss(labels, np.clip(scores.astype(np.float64), CLIP, 1 - CLIP)),
        "CalibrationError": calibration_error(labels, scores),
        "LiftAt1": lift_at(labels, scores, 0.01),
        "LiftAt10": lift_at(labels, scores, 0.1),
    }
    return {name: round(float(value), 6) for name, value in figures.items()}
