"""
What matrix factorisation recommends: the yardstick of `groundswell evaluate` for a Recommender.

Alternating least squares on implicit feedback (Hu, Koren, Volinsky 2008), by the library `implicit`.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from implicit.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

# The best of ten settings on MovieLens (latest-small), so that the yardstick is a fair one.
FACTORS, REGULARIZATION, ALPHA, ITERATIONS = 64, 0.1, 2.0, 20


def recommend(taken: list[list[str]], asked: list[str], count: int) -> list[list[str]]:
    """For each asked user the best items that it has not taken; none for a user that nobody knows."""
    users = {user: row for row, user in enumerate(dict.fromkeys(user for user, _ in taken))}
    items = list(dict.fromkeys(item for _, item in taken))
    columns = {item: column for column, item in enumerate(items)}
    places = ([users[user] for user, _ in taken], [columns[item] for _, item in taken])
    matrix = csr_matrix((np.ones(len(taken), dtype=np.float32), places), shape=(len(users), len(items)))
    matrix.data[:] = 1
    model = AlternatingLeastSquares(
        factors=FACTORS,
        regularization=REGULARIZATION,
        alpha=ALPHA,
        iterations=ITERATIONS,
        random_state=0,
        num_threads=1,
    )
    with threadpool_limits(1, "blas"):
        model.fit(matrix, show_progress=False)
        known = [user for user in asked if user in users]
        rows = [users[user] for user in known]
        ids, _ = model.recommend(rows, matrix[rows], N=count, filter_already_liked_items=True)
    best = {user: [items[column] for column in line] for user, line in zip(known, ids.tolist(), strict=True)}
    return [best.get(user, []) for user in asked]


def main() -> None:
    parser = argparse.ArgumentParser(prog="groundswell_trainer.factors", description=__doc__)
    parser.add_argument("--asked", type=Path, required=True, help="JSON: taken ([user, item] pairs), asked, count")
    parser.add_argument("--out", type=Path, required=True, help="JSON: a list of items for each asked user")
    arguments = parser.parse_args()
    asked = json.loads(arguments.asked.read_text())
    print(f"factorising {len(asked['taken'])} actions", file=sys.stderr)
    best = recommend(asked["taken"], asked["asked"], asked["count"])
    arguments.out.write_text(json.dumps(best))


if __name__ == "__main__":
    main()
