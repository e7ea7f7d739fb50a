"""Training rows: vectors as logged when they were scored, joined with the outcomes that matured since."""

from __future__ import annotations

import hashlib
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

    def digest(self) -> str:
        """sha256 of everything that training sees: equal rows, equal digest."""
        digest = hashlib.sha256()
        for column in (self.vectors, self.labels, self.posts, self.posted_at, self.ages):
            digest.update(np.ascontiguousarray(column).tobytes())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Logged:
    """One prediction record, as far as it is a row."""

    posted_at: int
    post: str
    scored_at: int
    age: int
    vector: np.ndarray


def _lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise TrainingError(f"Cannot read {path.name}: line {number} is no JSON ({error.msg})") from error


def _logged(vectors: Path, positive: dict[str, bool], spec: Spec) -> list[Logged]:
    """The rows whose label has matured; of several variants that logged the same moment one is kept."""
    found: dict[tuple[str, int], Logged] = {}
    for row in _lines(vectors):
        if row["model"] != spec.model or row["post_id"] not in positive or row["trigger"] == "change":
            continue
        if spec.ages_ms and row["age_ms"] not in spec.ages_ms:
            continue
        if len(row["vector"]) != len(spec.features):
            raise TrainingError(
                f"Cannot train model \"{spec.model}\": a logged vector has {len(row['vector'])} values, "
                f"the resource lists {len(spec.features)} features; use vectors that were logged for this list"
            )
        vector = np.array([np.nan if v is None else v for v in row["vector"]], dtype=np.float32)
        found[(row["post_id"], row["scored_at"])] = Logged(
            row["posted_at"], row["post_id"], row["scored_at"], row["age_ms"], vector
        )
    return sorted(found.values(), key=lambda r: (r.posted_at, r.post, r.scored_at))


def read_rows(vectors: Path, outcomes: Path, spec: Spec) -> Rows:
    """
    Joins Prediction records with Outcome records (both JSON lines, runtimes/lib/wire/src/topics.ts).

    Vectors of posts whose label has not matured are left out. At most `spec.max_rows` rows, the newest, none older than
    `spec.max_age_ms` before the newest. Raises TrainingError where a vector has another width than the feature list, or
    where one of the classes is missing.
    """
    positive = {o["post_id"]: o["positive"] for o in _lines(outcomes) if o["outcome"] == spec.outcome}
    chosen = _logged(vectors, positive, spec)[-spec.max_rows :]
    if chosen and spec.max_age_ms is not None:
        oldest = chosen[-1].posted_at - spec.max_age_ms
        chosen = [row for row in chosen if row.posted_at >= oldest]
    labels = np.array([positive[row.post] for row in chosen], dtype=np.int8)
    if len(np.unique(labels)) < 2:
        raise TrainingError(
            f"Cannot train model \"{spec.model}\": {int(labels.sum())} of {len(labels)} rows with a matured label are "
            "positive, both classes are needed; wait for more outcomes or change what counts as positive"
        )
    numbers = {post: n for n, post in enumerate(dict.fromkeys(row.post for row in chosen))}
    return Rows(
        vectors=np.stack([row.vector for row in chosen]),
        labels=labels,
        posts=np.array([numbers[row.post] for row in chosen], dtype=np.int64),
        posted_at=np.array([row.posted_at for row in chosen], dtype=np.int64),
        ages=np.array([row.age for row in chosen], dtype=np.int64),
    )


def split_by_time(rows: Rows, holdout: float) -> tuple[Rows, Rows]:
    """The first rows to train on, and those of the newest `holdout` share of posts; no post is on both sides."""
    posts = len(np.unique(rows.posts))
    late = rows.posts >= round(posts * (1 - holdout))
    return rows.take(~late), rows.take(late)
