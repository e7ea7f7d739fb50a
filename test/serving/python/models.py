"""
`models.py OUT`: makes the models that the serving tests and benches ask, as the tools that people use export them, each with
`NAME.json` beside `NAME.onnx`: inputs, and what the native library answers. Tree models have their native file and the
library's own exact contributions beside them, too. Prints what quantisation does to the AUC.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import onnx
import xgboost
from onnx import TensorProto, helper, numpy_helper
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as ToolsFloat
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

WIDTH, ROWS, TEST = 32, 6000, 200
OPSET = 15
rng = np.random.default_rng(7)


def rows() -> tuple[np.ndarray, np.ndarray]:
    """Features with missing values, and a label that trees, factors and networks can each learn a part of."""
    x = rng.normal(size=(ROWS, WIDTH)).astype(np.float32)
    logit = x[:, 0] + 0.7 * x[:, 1] * x[:, 2] + np.where(x[:, 3] > 0.5, 1.0, -0.3) + 0.4 * np.sin(2 * x[:, 4]) - 0.6
    y = (rng.random(ROWS) < 1 / (1 + np.exp(-logit))).astype(np.int64)
    return x, y


X, Y = rows()
HOLES = X.copy()
HOLES[rng.random(X.shape) < 0.05] = np.nan
ASKED, ASKED_HOLES = X[-TEST:], HOLES[-TEST:]


def plain(values: np.ndarray) -> list[Any]:
    flat = values.reshape(-1).tolist()
    return [None if isinstance(v, float) and np.isnan(v) else v for v in flat]


def tensors(named: dict[str, np.ndarray]) -> dict[str, Any]:
    return {name: {"shape": list(array.shape), "values": plain(array)} for name, array in named.items()}


def save(out: Path, name: str, model: onnx.ModelProto | bytes, inputs: dict[str, np.ndarray], outputs: dict[str, np.ndarray], tolerance: float = 1e-5, **more: Any) -> None:
    data = model if isinstance(model, bytes) else model.SerializeToString()
    (out / f"{name}.onnx").write_bytes(data)
    case = {"tolerance": tolerance, "inputs": tensors(inputs), "outputs": tensors(outputs), **more}
    (out / f"{name}.json").write_text(json.dumps(case))


def boosted(out: Path) -> None:
    model = xgboost.XGBClassifier(n_estimators=300, max_depth=6, learning_rate=0.05, subsample=0.8, random_state=1, n_jobs=1).fit(HOLES, Y)
    graph = convert_xgboost(model, initial_types=[("input", ToolsFloat([None, WIDTH]))], target_opset=OPSET)
    model.get_booster().save_model(out / "xgboost.native.json")
    contributions = model.get_booster().predict(xgboost.DMatrix(ASKED_HOLES), pred_contribs=True)
    native = {"label": model.predict(ASKED_HOLES).astype(np.int64), "probabilities": model.predict_proba(ASKED_HOLES)}
    save(out, "xgboost", graph, {"input": ASKED_HOLES}, native, contributions=plain(contributions))


def light(out: Path) -> None:
    model = lightgbm.LGBMClassifier(n_estimators=120, num_leaves=31, random_state=1, n_jobs=1, verbose=-1).fit(HOLES, Y)
    model.booster_.save_model(str(out / "lightgbm.native.txt"))
    contributions = model.predict(ASKED_HOLES, pred_contrib=True)
    native = {"label": model.predict(ASKED_HOLES).astype(np.int64), "probabilities": model.predict_proba(ASKED_HOLES)}
    for name, zipmap in [("lightgbm", False), ("lightgbm-zipmap", True)]:
        graph = convert_lightgbm(model, initial_types=[("input", ToolsFloat([None, WIDTH]))], zipmap=zipmap, target_opset=OPSET)
        save(out, name, graph, {"input": ASKED_HOLES}, native, contributions=plain(contributions))


def scikit(out: Path) -> None:
    forest = RandomForestClassifier(n_estimators=40, max_depth=8, random_state=1, n_jobs=1).fit(X, Y)
    linear = Pipeline([("scale", StandardScaler()), ("regression", LogisticRegression(max_iter=500))]).fit(X, Y)
    for name, model, zipmap in [("forest", forest, False), ("logistic", linear, False), ("logistic-zipmap", linear, True)]:
        graph = convert_sklearn(model, initial_types=[("input", FloatTensorType([None, WIDTH]))], options={id(model): {"zipmap": zipmap}}, target_opset=OPSET)
        outputs = {graph.graph.output[0].name: model.predict(ASKED), graph.graph.output[1].name: model.predict_proba(ASKED).astype(np.float32)}
        save(out, name, graph, {"input": ASKED}, outputs)


def mixed(out: Path) -> None:
    """Columns of three types, each an input of its own; a label that is a text."""
    langs = np.array(["en", "de", "fr", "日本"])
    lang, hour, followers = langs[rng.integers(0, 4, ROWS)].reshape(-1, 1), rng.integers(0, 24, (ROWS, 1)), X[:, :2]
    label = np.where((followers[:, 0] + (hour[:, 0] > 12) - (lang[:, 0] == "de")) > 0.5, "viral", "calm")
    import pandas  # what a ColumnTransformer with names wants

    frame = pandas.DataFrame({"followers": followers[:, 0], "rate": followers[:, 1], "hour": hour[:, 0], "lang": lang[:, 0]})
    prepared = ColumnTransformer([("floats", StandardScaler(), ["followers", "rate"]), ("hour", "passthrough", ["hour"]), ("lang", OneHotEncoder(handle_unknown="ignore"), ["lang"])])
    model = Pipeline([("columns", prepared), ("regression", LogisticRegression(max_iter=500))]).fit(frame, label)
    types = [("followers", FloatTensorType([None, 1])), ("rate", FloatTensorType([None, 1])), ("hour", Int64TensorType([None, 1])), ("lang", StringTensorType([None, 1]))]
    graph = convert_sklearn(model, initial_types=types, options={id(model): {"zipmap": False}}, target_opset=OPSET)
    asked = frame[-TEST:]
    inputs = {name: asked[[name]].to_numpy() for name in frame.columns}
    outputs = {graph.graph.output[0].name: model.predict(asked), graph.graph.output[1].name: model.predict_proba(asked).astype(np.float32)}
    save(out, "mixed", graph, inputs, outputs, tolerance=1e-4)


def constant(name: str, values: np.ndarray) -> onnx.TensorProto:
    return numpy_helper.from_array(values.astype(np.float32), name)


def graph_of(nodes: list, constants: list) -> onnx.ModelProto:
    graph = helper.make_graph(nodes, "model", [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["rows", WIDTH])], [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["rows", 1])], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


def factorised(out: Path) -> None:
    """A factorisation machine: w0 + w·x + ½ Σ_f ((x·v_f)² − x²·v_f²), trained by gradient descent; written as its formula."""
    w0, w, v = 0.0, np.zeros(WIDTH), rng.normal(scale=0.05, size=(WIDTH, 6))

    def logit(x: np.ndarray) -> np.ndarray:
        return w0 + x @ w + 0.5 * ((x @ v) ** 2 - (x**2) @ (v**2)).sum(axis=1)

    for _ in range(300):
        p = 1 / (1 + np.exp(-logit(X)))
        error = (p - Y) / ROWS
        v = v - 0.5 * ((X * error[:, None]).T @ (X @ v) - v * ((X**2).T @ error)[:, None])
        w0, w = w0 - 0.5 * error.sum(), w - 0.5 * (X.T @ error)
    nodes = [
        helper.make_node("MatMul", ["input", "v"], ["xv"]), helper.make_node("Mul", ["xv", "xv"], ["xv2"]),
        helper.make_node("Mul", ["input", "input"], ["x2"]), helper.make_node("MatMul", ["x2", "v2"], ["x2v2"]),
        helper.make_node("Sub", ["xv2", "x2v2"], ["pairs"]), helper.make_node("MatMul", ["pairs", "half"], ["crossed"]),
        helper.make_node("Gemm", ["input", "w", "w0"], ["linear"]), helper.make_node("Add", ["linear", "crossed"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["probability"]),
    ]
    constants = [constant("v", v), constant("v2", v**2), constant("half", np.full((6, 1), 0.5)), constant("w", w.reshape(-1, 1)), constant("w0", np.array([w0]))]
    native = (1 / (1 + np.exp(-logit(ASKED.astype(np.float64))))).astype(np.float32).reshape(-1, 1)
    save(out, "factorisation", graph_of(nodes, constants), {"input": ASKED}, {"probability": native}, tolerance=1e-4)


def network(out: Path) -> None:
    """A small network in the form that PyTorch exports (Gemm, Relu), and the same with weights of 8 bits."""
    model = MLPClassifier(hidden_layer_sizes=(64, 32), max_iter=60, random_state=1).fit(X[:-2000], Y[:-2000])
    nodes, constants, last = [], [], "input"
    for i, (weights, bias) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
        constants += [constant(f"w{i}", weights), constant(f"b{i}", bias)]
        nodes.append(helper.make_node("Gemm", [last, f"w{i}", f"b{i}"], [f"h{i}"]))
        last = f"h{i}"
        if i < 2:
            nodes.append(helper.make_node("Relu", [last], [f"r{i}"]))
            last = f"r{i}"
    nodes.append(helper.make_node("Sigmoid", [last], ["probability"]))
    native = model.predict_proba(ASKED)[:, 1:].astype(np.float32)
    save(out, "network", graph_of(nodes, constants), {"input": ASKED}, {"probability": native}, tolerance=1e-4)
    quantize_dynamic(out / "network.onnx", out / "network-int8.onnx", weight_type=QuantType.QInt8)
    scores = {name: InferenceSession(out / f"{name}.onnx").run(None, {"input": X[-2000:]})[0][:, 0] for name in ("network", "network-int8")}
    auc = {name: float(roc_auc_score(Y[-2000:], score)) for name, score in scores.items()}
    print(f"AUC of the network {auc['network']:.4f}, of the same in 8 bits {auc['network-int8']:.4f}: {auc['network-int8'] - auc['network']:+.4f}")
    # Its scale is found for each batch, so rows of others change the last digits: the tolerance is that of quantisation.
    save(out, "network-int8", (out / "network-int8.onnx").read_bytes(), {"input": ASKED}, {"probability": native}, tolerance=0.05, auc=auc)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for make in (boosted, light, scikit, mixed, factorised, network):
        make(folder)
    (folder / ".complete").touch()
