"""Training rows: vectors as logged when they were scored, joined with the outcomes that matured since."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .spec import Spec, TrainingError


@dataclass(frozen=True)
class Rows:
    """Ordered by the time of posting, then of scoring. One row for each (post, scored_at)."""

    vectors: np.ndarray  # float32 [rows, features]; NaN is missing
    labels: np.ndarray  # int8 [rows], 0 or 1
    posts: np.ndarray  # int64 [rows], the same number for rows of the same post
    posted_at: np.ndarray  # int64 [rows], ms since the epoch
    ages: np.ndarray  # int64 [rows], ms

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, mask: np.ndarray) -> Rows:
        return Rows(self.vectors[mask], self.labels[mask], self.posts[mask], self.posted_at[mask], self.ages[mask])


def _lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise TrainingError(f"Cannot read {path.name}: line {number} is no JSON ({error.msg})") from error


def read_rows(vectors: Path, outcomes: Path, spec: Spec) -> Rows:
    """
    Joins Prediction records with Outcome records (both JSON lines, runtimes/lib/wire/src/topics.ts).

    Vectors of posts whose label has not matured are left out; of several variants that logged the same moment one
    vector is kept. At most `spec.max_rows` rows, the newest. Raises TrainingError where a vector has another width
    than the feature list, or where one of the classes is missing.
    """
    positive = {o["post_id"]: o["positive"] for o in _lines(outcomes) if o["outcome"] == spec.outcome}
    logged: dict[tuple[str, int], dict] = {}
    for row in _lines(vectors):
        if row["model"] != spec.model or row["post_id"] not in positive or row["trigger"] == "change":
            continue
        if len(row["vector"]) != len(spec.features):
            raise TrainingError(
                f"Cannot train model \"{spec.model}\": a logged vector has {len(row['vector'])} values, "
                f"the resource lists {len(spec.features)} features; use vectors that were logged for this list"
            )
        logged[(row["post_id"], row["scored_at"])] = row
    chosen = sorted(logged.values(), key=lambda r: (r["posted_at"], r["post_id"], r["scored_at"]))[-spec.max_rows :]
    labels = np.array([positive[r["post_id"]] for r in chosen], dtype=np.int8)
    if len(np.unique(labels)) < 2:
        raise TrainingError(
            f"Cannot train model \"{spec.model}\": {int(labels.sum())} of {len(labels)} rows with a matured label are "
            "positive, both classes are needed; wait for more outcomes or change what counts as positive"
        )
    numbers = {post: n for n, post in enumerate(dict.fromkeys(r["post_id"] for r in chosen))}
    return Rows(
        vectors=np.array([[np.nan if v is None else v for v in r["vector"]] for r in chosen], dtype=np.float32),
        labels=labels,
        posts=np.array([numbers[r["post_id"]] for r in chosen], dtype=np.int64),
        posted_at=np.array([r["posted_at"] for r in chosen], dtype=np.int64),
        ages=np.array([r["age_ms"] for r in chosen], dtype=np.int64),
    )


def split_by_time(rows: Rows, holdout: float) -> tuple[Rows, Rows]:
    """The first rows to train on, and those of the newest `holdout` share of posts; no post is on both sides."""
    posts = len(np.unique(rows.posts))
    late = rows.posts >= round(posts * (1 - holdout))
    return rows.take(~late), rows.take(late)
