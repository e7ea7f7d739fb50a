"""
Writes films.onnx: a logistic regression over log_likes and similar, with weights by hand.

    runtimes/trainer/run examples/movies/model/make.py
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
from logistic import write  # noqa: E402

write(Path(__file__).parent / "films.onnx", weights=[0.2, 3.0], bias=-3.0)
