"""ONNX files that the scorer takes: one float input [rows, features], `probabilities` [rows, 2], no ZipMap."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as XgboostTensor
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType as SklearnTensor
from xgboost import XGBClassifier

from .spec import TrainingError

# float32 sums of a few hundred leaves, in another order.
PARITY = 1e-5
OPSET = 15


def export_onnx(model: Any, width: int, path: Path) -> str:
    """Writes the model and answers its sha256 (hex). The same model gives the same bytes."""
    if isinstance(model, XGBClassifier):
        graph = convert_xgboost(model, initial_types=[("input", XgboostTensor([None, width]))], target_opset=OPSET)
    else:
        graph = convert_sklearn(
            model,
            initial_types=[("input", SklearnTensor([None, width]))],
            options={id(model): {"zipmap": False}},
            target_opset=OPSET,
        )
    # The converters put random names into these.
    graph.graph.name = "groundswell"
    graph.doc_string = ""
    data = onnx.ModelProto.SerializeToString(graph, deterministic=True)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def check_parity(model: Any, path: Path, vectors: np.ndarray) -> float:
    """The largest difference between the native and the ONNX probabilities. Raises TrainingError above PARITY."""
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    probabilities = session.run(["probabilities"], {"input": vectors})[0][:, 1]
    worst = float(np.max(np.abs(probabilities - model.predict_proba(vectors)[:, 1])))
    if not worst <= PARITY:
        raise TrainingError(f"Cannot publish {path.name}: ONNX and native scores differ by {worst:.2e}, at most {PARITY:.0e} is allowed")
    return worst
