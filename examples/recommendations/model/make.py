"""
Writes clicks.onnx: a logistic regression over log_clicks, taste and age_days, with weights by hand.

    runtimes/trainer/run examples/recommendations/model/make.py
"""

from pathlib import Path

from onnx import ModelProto, TensorProto, checker, helper

WEIGHTS, BIAS = [0.5, 0.8, -0.001], -2.0

nodes = [
    helper.make_node("Gemm", ["input", "w", "b"], ["logit"]),
    helper.make_node("Sigmoid", ["logit"], ["probability"]),
]
constants = [
    helper.make_tensor("w", TensorProto.FLOAT, [len(WEIGHTS), 1], WEIGHTS),
    helper.make_tensor("b", TensorProto.FLOAT, [1], [BIAS]),
]
graph = helper.make_graph(
    nodes,
    "groundswell-example",
    [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["rows", len(WEIGHTS)])],
    [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["rows", 1])],
    constants,
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
checker.check_model(model)
(Path(__file__).parent / "clicks.onnx").write_bytes(ModelProto.SerializeToString(model, deterministic=True))
