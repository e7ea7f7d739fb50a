"""Writes a logistic regression whose weights are given: for examples that have nothing to be trained on yet."""

from pathlib import Path

from onnx import ModelProto, TensorProto, checker, helper


def write(path: Path, weights: list[float], bias: float) -> None:
    """The graph takes float32 rows `[rows, weights]` and answers float32 probabilities `[rows, 1]`."""
    nodes = [
        helper.make_node("Gemm", ["input", "w", "b"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["probability"]),
    ]
    constants = [
        helper.make_tensor("w", TensorProto.FLOAT, [len(weights), 1], weights),
        helper.make_tensor("b", TensorProto.FLOAT, [1], [bias]),
    ]
    graph = helper.make_graph(
        nodes,
        "groundswell-example",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["rows", len(weights)])],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["rows", 1])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    checker.check_model(model)
    path.write_bytes(ModelProto.SerializeToString(model, deterministic=True))
