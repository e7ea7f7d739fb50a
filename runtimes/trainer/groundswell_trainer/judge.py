"""Whether a model is good enough to be published: gates on the held-out rows, and the champion on the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .champion import Champion, scores_of, unseen
from .metrics import metrics_of
from .rows import Rows
from .spec import Gate, Spec

#: Below so many held-out positives that both have not seen, nobody can say who is better.
LEAST_POSITIVES = 20


@dataclass(frozen=True)
class Judgement:
    gates: list[dict[str, Any]]
    versus: dict[str, Any] | None
    #: Why it is not published; empty where it is.
    objections: list[str]


def _objection(gate: Gate, value: float | None) -> str | None:
    if value is None:
        return f"{gate.metric} is not known: the held-out rows need both classes"
    if gate.min is not None and not value >= gate.min:
        return f"{gate.metric} is {value:.4g}, at least {gate.min:g} is needed"
    if gate.max is not None and not value <= gate.max:
        return f"{gate.metric} is {value:.4g}, at most {gate.max:g} is allowed"
    return None


def _versus(spec: Spec, late: Rows, scores: np.ndarray, champion: Champion) -> tuple[dict[str, Any], str | None]:
    fresh = unseen(late, champion)
    positives = int(fresh.labels.sum())
    versus: dict[str, Any] = {"rows": len(fresh), "positives": positives}
    if positives < LEAST_POSITIVES or positives == len(fresh):
        return versus, (
            f"it cannot be compared with the champion: {positives} of {len(fresh)} held-out rows that the champion was "
            f"not trained on are positive, {LEAST_POSITIVES} are needed"
        )
    mine = metrics_of(fresh.labels, scores[np.isin(late.posts, fresh.posts)])["Auc"]
    other = metrics_of(fresh.labels, scores_of(champion, fresh.vectors))["Auc"]
    versus |= {"Auc": mine, "championAuc": other}
    better = mine is not None and other is not None and mine > other
    return versus, None if better else f"Auc is {mine:.4f} on rows that the champion has not seen, the champion's is {other:.4f}"


def judge(spec: Spec, late: Rows, scores: np.ndarray, figures: dict[str, float | None], champion: Champion | None) -> Judgement:
    """`figures`: the metrics of `scores` on the held-out rows `late`, and ParityError."""
    gates, objections = [], []
    for gate in spec.gates:
        objection = _objection(gate, figures[gate.metric])
        limits = {name: limit for name, limit in (("min", gate.min), ("max", gate.max)) if limit is not None}
        gates.append({"metric": gate.metric, **limits, "value": figures[gate.metric], "passed": objection is None})
        if objection is not None:
            objections.append(objection)
    versus = None
    if champion is not None and spec.better_than_champion:
        versus, objection = _versus(spec, late, scores, champion)
        if objection is not None:
            objections.append(objection)
    return Judgement(gates, versus, objections)
