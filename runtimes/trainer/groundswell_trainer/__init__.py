"""Trains Groundswell's scoring models from logged vectors and matured outcomes."""

import os

# ONNX Runtime sends digests and names of models to its makers, unless it is told not to before it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
