"""The models: gradient-boosted trees (XGBoost) and logistic regression, also as the baseline to beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from .rows import Rows, split_by_time
from .spec import Spec

HOLDOUT = 0.2

# What the resource's `params` may override. `trees` is the upper limit; early stopping finds the number.
DEFAULTS: dict[str, float] = {
    "trees": 600,
    "depth": 5,
    "learningRate": 0.05,
    "subsample": 0.8,
    "columnSample": 0.8,
    "minChildWeight": 5,
    "lambda": 1,
    "earlyStopping": 50,
}


@dataclass(frozen=True)
class Trained:
    model: Any
    #: Figures on the newest fifth of the posts, which the model that gave them had not seen.
    holdout: dict[str, float]
    #: How much each feature brought, summing to 1; empty where the model does not say.
    importances: dict[str, float]


def _auc(labels: np.ndarray, scores: np.ndarray) -> float:
    return float(roc_auc_score(labels, scores)) if labels.min() != labels.max() else float("nan")


def _booster(params: dict[str, float], seed: int, trees: int, stopping: int | None) -> XGBClassifier:
    return XGBClassifier(
        n_estimators=trees,
        max_depth=int(params["depth"]),
        learning_rate=params["learningRate"],
        subsample=params["subsample"],
        colsample_bytree=params["columnSample"],
        min_child_weight=params["minChildWeight"],
        reg_lambda=params["lambda"],
        tree_method="hist",
        eval_metric="logloss",
        early_stopping_rounds=stopping,
        random_state=seed,
        # One thread: sums of gradients then have one order, so the same rows always give the same trees.
        n_jobs=1,
    )


def train_trees(rows: Rows, spec: Spec) -> Trained:
    """Finds the number of trees on the newest fifth, then trains that many on everything."""
    params = DEFAULTS | spec.params
    early, late = split_by_time(rows, HOLDOUT)
    stopping = int(params["earlyStopping"]) or None
    trial = _booster(params, spec.seed, int(params["trees"]), stopping)
    trial.fit(early.vectors, early.labels, eval_set=[(late.vectors, late.labels)], verbose=False)
    trees = int(params["trees"]) if stopping is None else trial.best_iteration + 1
    model = _booster(params, spec.seed, trees, None)
    model.fit(rows.vectors, rows.labels, verbose=False)
    gains = model.feature_importances_
    return Trained(
        model=model,
        holdout={"rocAuc": _auc(late.labels, trial.predict_proba(late.vectors)[:, 1]), "rows": len(late), "trees": trees},
        importances={name: round(float(gain), 6) for name, gain in zip(spec.features, gains, strict=True)},
    )


def _regression(columns: list[int], seed: int) -> Pipeline:
    chosen = Pipeline([("impute", SimpleImputer(strategy="median", keep_empty_features=True)), ("scale", StandardScaler())])
    return Pipeline(
        [
            ("columns", ColumnTransformer([("chosen", chosen, columns)])),
            ("regression", LogisticRegression(max_iter=1000, random_state=seed)),
        ]
    )


def train_regression(rows: Rows, spec: Spec, features: tuple[str, ...]) -> Trained:
    """Logistic regression on the given features of the full vector: missing becomes the median, then standardised."""
    columns = [spec.features.index(name) for name in features]
    early, late = split_by_time(rows, HOLDOUT)
    trial = _regression(columns, spec.seed).fit(early.vectors, early.labels)
    model = _regression(columns, spec.seed).fit(rows.vectors, rows.labels)
    weights = np.abs(model.named_steps["regression"].coef_[0])
    total = float(weights.sum()) or 1.0
    return Trained(
        model=model,
        holdout={"rocAuc": _auc(late.labels, trial.predict_proba(late.vectors)[:, 1]), "rows": len(late)},
        importances={name: round(float(w) / total, 6) for name, w in zip(features, weights, strict=True)},
    )
