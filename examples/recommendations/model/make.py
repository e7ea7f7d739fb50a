"""
Writes clicks.onnx: a logistic regression over log_clicks, taste and age_days, with weights by hand.

    runtimes/trainer/run examples/recommendations/model/make.py
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
from logistic import write  # noqa: E402

write(Path(__file__).parent / "clicks.onnx", weights=[0.5, 0.8, -0.001], bias=-2.0)
