"""The model that serves now, asked for its scores of the held-out rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from .rows import Rows
from .spec import TrainingError


@dataclass(frozen=True)
class Champion:
    path: Path
    #: Output that holds the scores; None: the one that looks like probabilities.
    output: str | None
    #: Column of the positive class, where the output has one for each class.
    positive_class: int
    #: It has seen posts up to here, ms since the epoch; None where that is not known.
    trained_to: int | None


def unseen(rows: Rows, champion: Champion) -> Rows:
    """Those of the rows that the champion was not trained on: on its own rows nobody else would win."""
    return rows if champion.trained_to is None else rows.take(rows.posted_at > champion.trained_to)


def scores_of(champion: Champion, vectors: np.ndarray) -> np.ndarray:
    """Probabilities [rows]. Raises TrainingError where the file does not take these vectors."""
    try:
        session = onnxruntime.InferenceSession(champion.path.read_bytes(), providers=["CPUExecutionProvider"])
        outputs = [output.name for output in session.get_outputs() if output.type == "tensor(float)"]
        name = champion.output or ("probabilities" if "probabilities" in outputs else outputs[-1])
        scores = np.asarray(session.run([name], {session.get_inputs()[0].name: vectors})[0], dtype=np.float32)
    except Exception as error:
        raise TrainingError(f"Cannot compare with the champion {champion.path.name}: {error}; a model that takes these features is needed") from error
    return scores[:, champion.positive_class] if scores.ndim == 2 and scores.shape[1] > 1 else scores.reshape(-1)
