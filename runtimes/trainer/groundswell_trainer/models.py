"""The models: gradient-boosted trees (XGBoost, LightGBM), logistic regression (also the baseline) and factorisation machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from lightgbm import LGBMClassifier, early_stopping
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier
from xgboost.callback import TrainingCallback

from .factorization import FactorizationMachine
from .rows import Rows, split_by_time
from .spec import Spec, TrainingError

#: What the resource's `params` may set, with what holds where it does not. `trees` and `epochs` are upper limits; early
#: stopping finds the number, on the newest rows of those that are trained on.
DEFAULTS: dict[str, dict[str, float]] = {
    "XGBoost": {
        "trees": 600,
        "depth": 5,
        "learningRate": 0.05,
        "subsample": 0.8,
        "columnSample": 0.8,
        "minChildWeight": 5,
        "lambda": 1,
        "earlyStopping": 50,
    },
    "LightGBM": {
        "trees": 600,
        "leaves": 31,
        "learningRate": 0.05,
        "subsample": 0.8,
        "columnSample": 0.8,
        "minChildSamples": 20,
        "lambda": 1,
        "earlyStopping": 50,
    },
    "LogisticRegression": {"c": 1},
    "FactorizationMachine": {"factors": 8, "epochs": 30, "learningRate": 0.02, "lambda": 1e-4, "earlyStopping": 3},
}

#: Of the rows that are trained on, the newest share that early stopping looks at.
STOPPING_SHARE = 0.2


@dataclass(frozen=True)
class Trained:
    model: Any
    #: How much each feature brought, summing to 1.
    importances: dict[str, float]


#: Trees or epochs; None where there is nothing to find.
Rounds = int | None

Tell = Callable[[int], None]


def params_of(spec: Spec) -> dict[str, float]:
    """Raises TrainingError for a parameter that the algorithm does not have."""
    known = DEFAULTS[spec.algorithm]
    unknown = sorted(set(spec.params) - set(known))
    if unknown:
        raise TrainingError(
            f"Cannot train model \"{spec.model}\": {spec.algorithm} has no parameter {', '.join(unknown)}, it has {', '.join(known)}"
        )
    return known | spec.params


def need_both_classes(rows: Rows, spec: Spec) -> None:
    if len(np.unique(rows.labels)) < 2:
        raise TrainingError(
            f"Cannot train model \"{spec.model}\": the {len(rows)} older rows, which train, are all of one class, the newer ones, "
            "which judge, are not; both are needed: wait for more outcomes"
        )


def _xgboost(params: dict[str, float], seed: int, trees: int, stopping: int | None = None) -> XGBClassifier:
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


def _lightgbm(params: dict[str, float], seed: int, trees: int) -> LGBMClassifier:
    return LGBMClassifier(
        n_estimators=trees,
        num_leaves=int(params["leaves"]),
        learning_rate=params["learningRate"],
        subsample=params["subsample"],
        subsample_freq=1,
        colsample_bytree=params["columnSample"],
        min_child_samples=int(params["minChildSamples"]),
        reg_lambda=params["lambda"],
        random_state=seed,
        n_jobs=1,
        deterministic=True,
        verbose=-1,
    )


def _regression(columns: list[int], seed: int, c: float) -> Pipeline:
    chosen = Pipeline([("impute", SimpleImputer(strategy="median", keep_empty_features=True)), ("scale", StandardScaler())])
    return Pipeline(
        [
            ("columns", ColumnTransformer([("chosen", chosen, columns)])),
            ("regression", LogisticRegression(C=c, max_iter=1000, random_state=seed)),
        ]
    )


def find_rounds(rows: Rows, spec: Spec) -> Rounds:
    """How many trees or epochs, found on the newest of the given rows; None where the algorithm has no such thing."""
    params = params_of(spec)
    stopping = int(params.get("earlyStopping", 0))
    if spec.algorithm == "LogisticRegression":
        return None
    if stopping == 0:
        return int(params["epochs" if spec.algorithm == "FactorizationMachine" else "trees"])
    early, late = split_by_time(rows, STOPPING_SHARE)
    need_both_classes(early, spec)
    if spec.algorithm == "XGBoost":
        model = _xgboost(params, spec.seed, int(params["trees"]), stopping)
        model.fit(early.vectors, early.labels, eval_set=[(late.vectors, late.labels)], verbose=False)
        return int(model.best_iteration) + 1
    if spec.algorithm == "LightGBM":
        model = _lightgbm(params, spec.seed, int(params["trees"]))
        callbacks = [early_stopping(stopping, verbose=False)]
        model.fit(early.vectors, early.labels, eval_X=late.vectors, eval_y=late.labels, callbacks=callbacks)
        return int(model.best_iteration_) or 1
    machine = FactorizationMachine(params, spec.seed)
    return machine.fit(early.vectors, early.labels, rounds=int(params["epochs"]), watch=(late.vectors, late.labels), patience=stopping)


def _shares(features: tuple[str, ...], weights: np.ndarray) -> dict[str, float]:
    total = float(np.sum(weights)) or 1.0
    return {name: round(float(w) / total, 6) for name, w in zip(features, weights, strict=True)}


def fit(rows: Rows, spec: Spec, rounds: Rounds, tell: Tell = lambda trees: None) -> Trained:
    """
    The model of the resource on these rows. The same rows, seed and rounds give the same model. `tell` gets the number of
    trees after each.
    """
    params = params_of(spec)
    makers: dict[str, Callable[[], tuple[Any, np.ndarray]]] = {
        "XGBoost": lambda: _fitted(_xgboost(params, spec.seed, rounds or 1), rows, tell),
        "LightGBM": lambda: _fitted(_lightgbm(params, spec.seed, rounds or 1), rows, tell),
    }
    if spec.algorithm in makers:
        model, gains = makers[spec.algorithm]()
        return Trained(model, _shares(spec.features, gains))
    if spec.algorithm == "LogisticRegression":
        return fit_regression(rows, spec, spec.features, params["c"])
    machine = FactorizationMachine(params, spec.seed)
    machine.fit(rows.vectors, rows.labels, rounds=rounds or 1)
    return Trained(machine, _shares(spec.features, machine.weight_of_features()))


class _Telling(TrainingCallback):
    def __init__(self, tell: Tell):
        self.tell = tell

    def after_iteration(self, model: Any, epoch: int, evals_log: dict) -> bool:
        self.tell(epoch + 1)
        return False


def _fitted(model: Any, rows: Rows, tell: Tell) -> tuple[Any, np.ndarray]:
    if isinstance(model, LGBMClassifier):
        model.fit(rows.vectors, rows.labels, callbacks=[lambda env: tell(env.iteration + 1)])
        return model, model.booster_.feature_importance("gain")
    model.set_params(callbacks=[_Telling(tell)])
    model.fit(rows.vectors, rows.labels)
    model.set_params(callbacks=None)
    return model, model.feature_importances_


def fit_regression(rows: Rows, spec: Spec, features: tuple[str, ...], c: float = 1) -> Trained:
    """Logistic regression on the given features of the full vector: missing becomes the median, then standardised."""
    columns = [spec.features.index(name) for name in features]
    model = _regression(columns, spec.seed, c).fit(rows.vectors, rows.labels)
    return Trained(model, _shares(features, np.abs(model.named_steps["regression"].coef_[0])))
