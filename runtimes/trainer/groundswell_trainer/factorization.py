"""
Factorisation machines of second order, for many sparse features that matter in pairs.

Rendle, "Factorization Machines", ICDM 2010: w0 + w·x + ½ Σ_f ((x·v_f)² − x²·v_f²). Trained with Adam (Kingma & Ba, 2015)
on batches in an order that the seed decides. Missing values become the median; all are standardised and cut at ±5.
"""

from __future__ import annotations

import numpy as np

BATCH = 1024
CUT = 5.0


class FactorizationMachine:
    def __init__(self, params: dict[str, float], seed: int) -> None:
        self.factors = int(params["factors"])
        self.rate = params["learningRate"]
        self.penalty = params["lambda"]
        self.seed = seed

    def _prepare(self, vectors: np.ndarray) -> None:
        known = ~np.all(np.isnan(vectors), axis=0)
        self.median = np.zeros(vectors.shape[1])
        self.median[known] = np.nanmedian(vectors[:, known], axis=0)
        filled = np.where(np.isnan(vectors), self.median, vectors)
        self.mean = filled.mean(axis=0)
        self.spread = np.where(filled.std(axis=0) > 0, filled.std(axis=0), 1.0)

    def standardised(self, vectors: np.ndarray) -> np.ndarray:
        filled = np.where(np.isnan(vectors), self.median, vectors)
        return np.clip((filled - self.mean) / self.spread, -CUT, CUT)

    def _logits(self, x: np.ndarray) -> np.ndarray:
        return self.w0[0] + x @ self.w + 0.5 * ((x @ self.v) ** 2 - (x**2) @ (self.v**2)).sum(axis=1)

    def _loss(self, x: np.ndarray, labels: np.ndarray) -> float:
        logits = self._logits(x)
        return float(np.mean(np.logaddexp(0, logits) - labels * logits))

    def _step(self, x: np.ndarray, labels: np.ndarray, moments: list[tuple[np.ndarray, np.ndarray]], t: int) -> None:
        error = (1 / (1 + np.exp(-self._logits(x))) - labels) / len(labels)
        weighted = x * error[:, None]
        gradients = (
            np.array([error.sum()]),
            weighted.sum(axis=0) + self.penalty * self.w,
            weighted.T @ (x @ self.v) - self.v * ((x**2).T @ error)[:, None] + self.penalty * self.v,
        )
        for value, gradient, (first, second) in zip((self.w0, self.w, self.v), gradients, moments, strict=True):
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient**2 - second)
            value -= self.rate * (first / (1 - 0.9**t)) / (np.sqrt(second / (1 - 0.999**t)) + 1e-8)

    def fit(
        self,
        vectors: np.ndarray,
        labels: np.ndarray,
        *,
        rounds: int,
        watch: tuple[np.ndarray, np.ndarray] | None = None,
        patience: int = 0,
    ) -> int:
        """Trains for `rounds` epochs, or until `watch` has not become better for `patience` of them. Answers the best number."""
        random = np.random.default_rng(self.seed)
        self._prepare(vectors)
        x, width = self.standardised(vectors), vectors.shape[1]
        self.w0, self.w = np.zeros(1), np.zeros(width)
        self.v = random.normal(scale=0.05, size=(width, self.factors))
        moments = [(np.zeros_like(value), np.zeros_like(value)) for value in (self.w0, self.w, self.v)]
        best, best_loss, t = rounds, np.inf, 0
        for epoch in range(1, rounds + 1):
            order = random.permutation(len(x))
            for start in range(0, len(x), BATCH):
                t += 1
                batch = order[start : start + BATCH]
                self._step(x[batch], labels[batch], moments, t)
            if watch is None:
                continue
            loss = self._loss(self.standardised(watch[0]), watch[1])
            if loss < best_loss:
                best, best_loss = epoch, loss
            elif epoch - best >= patience:
                break
        return best

    def predict_proba(self, vectors: np.ndarray) -> np.ndarray:
        positive = 1 / (1 + np.exp(-self._logits(self.standardised(vectors))))
        return np.column_stack([1 - positive, positive])

    def weight_of_features(self) -> np.ndarray:
        """How far each feature moves the logit by itself and by its factors; features are standardised, so they compare."""
        return np.abs(self.w) + np.linalg.norm(self.v, axis=1)
