"""ONNX files that the scorer takes: one float input [rows, features], `probabilities` [rows, 2], no ZipMap."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from lightgbm import LGBMClassifier
from onnx import TensorProto, helper, numpy_helper
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as ToolsTensor
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType as SklearnTensor
from xgboost import XGBClassifier

from .factorization import CUT, FactorizationMachine
from .spec import TrainingError

#: float32 sums of a few hundred leaves, in another order, and far less than any decision turns on.
PARITY = 1e-3
OPSET = 15


def export_onnx(model: Any, width: int, path: Path) -> str:
    """Writes the model and answers its sha256 (hex). The same model gives the same bytes."""
    graph = _graph_of(model, width)
    # The converters put random names into these.
    graph.graph.name = "groundswell"
    graph.doc_string = ""
    data = onnx.ModelProto.SerializeToString(graph, deterministic=True)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def save_native(model: Any, folder: Path, stem: str) -> dict[str, str] | None:
    """Writes a model of trees as its own library does, for exact contributions; None for models without trees."""
    if isinstance(model, XGBClassifier):
        path = folder / f"{stem}.xgboost.json"
        model.get_booster().save_model(path)
    elif isinstance(model, LGBMClassifier):
        path = folder / f"{stem}.lightgbm.txt"
        model.booster_.save_model(path)
    else:
        return None
    return {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _graph_of(model: Any, width: int) -> onnx.ModelProto:
    if isinstance(model, XGBClassifier):
        return convert_xgboost(model, initial_types=[("input", ToolsTensor([None, width]))], target_opset=OPSET)
    if isinstance(model, LGBMClassifier):
        inputs = [("input", ToolsTensor([None, width]))]
        return convert_lightgbm(model, initial_types=inputs, zipmap=False, target_opset=OPSET)
    if isinstance(model, FactorizationMachine):
        return _factorized(model, width)
    return convert_sklearn(
        model,
        initial_types=[("input", SklearnTensor([None, width]))],
        options={id(model): {"zipmap": False}},
        target_opset=OPSET,
    )


def _factorized(model: FactorizationMachine, width: int) -> onnx.ModelProto:
    """The formula, node by node."""
    steps = [
        ("IsNaN", ["input"], "missing"),
        ("Where", ["missing", "median", "input"], "filled"),
        ("Sub", ["filled", "mean"], "centred"),
        ("Div", ["centred", "spread"], "scaled"),
        ("Clip", ["scaled", "low", "high"], "x"),
        ("MatMul", ["x", "v"], "xv"),
        ("Mul", ["xv", "xv"], "xv2"),
        ("Mul", ["x", "x"], "x2"),
        ("MatMul", ["x2", "v2"], "x2v2"),
        ("Sub", ["xv2", "x2v2"], "pairs"),
        ("MatMul", ["pairs", "half"], "crossed"),
        ("Gemm", ["x", "w", "w0"], "linear"),
        ("Add", ["linear", "crossed"], "logit"),
        ("Sigmoid", ["logit"], "positive"),
        ("Sub", ["one", "positive"], "negative"),
    ]
    nodes = [helper.make_node(op, inputs, [output]) for op, inputs, output in steps]
    nodes.append(helper.make_node("Concat", ["negative", "positive"], ["probabilities"], axis=1))
    values = {
        **{"median": model.median, "mean": model.mean, "spread": model.spread, "low": -CUT, "high": CUT, "one": 1.0},
        **{"v": model.v, "v2": model.v**2, "half": np.full((model.factors, 1), 0.5)},
        **{"w": model.w.reshape(-1, 1), "w0": model.w0},
    }
    graph = helper.make_graph(
        nodes,
        "groundswell",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [None, width])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 2])],
        [numpy_helper.from_array(np.asarray(value, dtype=np.float32), name) for name, value in values.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


def parity_of(model: Any, path: Path, vectors: np.ndarray) -> float:
    """The largest difference between the native and the ONNX probabilities. Raises TrainingError above PARITY."""
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    probabilities = session.run(["probabilities"], {"input": vectors})[0][:, 1]
    worst = float(np.max(np.abs(probabilities - model.predict_proba(vectors)[:, 1])))
    if not worst <= PARITY:
        raise TrainingError(f"Cannot publish {path.name}: ONNX and native scores differ by {worst:.2e}, at most {PARITY:.0e} is allowed")
    return worst
