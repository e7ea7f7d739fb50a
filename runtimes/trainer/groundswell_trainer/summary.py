"""What inputs and scores looked like in training: what serving sees later is compared with it (drift)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .rows import Rows
from .spec import Spec

BINS = 10


def distribution_of(values: np.ndarray) -> dict[str, Any]:
    """
    Share of missing values, inner edges of at most ten bins of about as many values, and the share of the known values in
    each: bin i holds edges[i - 1] <= value < edges[i].
    """
    known = np.sort(values[~np.isnan(values)].astype(np.float64))
    missing = 0.0 if len(values) == 0 else 1 - len(known) / len(values)
    if len(known) == 0:
        return {"missing": round(missing, 6), "edges": [], "shares": []}
    edges = np.unique(known[[(i * len(known)) // BINS for i in range(1, BINS)]])
    counts = np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1)
    return {
        "missing": round(missing, 6),
        "edges": [float(edge) for edge in edges],
        "shares": [round(float(count) / len(known), 6) for count in counts],
    }


def summary_of(spec: Spec, rows: Rows, scores: np.ndarray) -> dict[str, Any]:
    return {
        "features": {name: distribution_of(rows.vectors[:, i]) for i, name in enumerate(spec.features)},
        "score": distribution_of(scores),
    }
