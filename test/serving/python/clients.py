"""
`clients.py HTTP GRPC MODELS`: asks each model with tritonclient, as users do: gRPC raw and typed, HTTP binary and JSON, in one
batch and row by row, asynchronously, with compression. Compares with what the native library answers. Prints one JSON line
for each check: {"check", "ok", "detail"}.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import tritonclient.grpc as tgrpc
import tritonclient.http as thttp
from tritonclient.utils import InferenceServerException, triton_to_np_dtype

HTTP, GRPC, MODELS = sys.argv[1], sys.argv[2], Path(sys.argv[3])
by_grpc = tgrpc.InferenceServerClient(GRPC)
by_http = thttp.InferenceServerClient(HTTP, concurrency=8)


def check(name: str, run: Callable[[], Any]) -> None:
    try:
        detail, ok = run(), True
    except Exception as error:
        detail, ok = f"{error!r} {error} {traceback.format_exc(limit=3)}", False
    print(json.dumps({"check": name, "ok": ok, "detail": str(detail)}), flush=True)


def arrays(name: str, tensors: dict[str, Any], types: dict[str, str]) -> dict[str, np.ndarray]:
    made = {}
    for key, tensor in tensors.items():
        values = [np.nan if v is None else v for v in tensor["values"]]
        dtype = object if types[key] == "BYTES" else triton_to_np_dtype(types[key])
        made[key] = np.array([str(v).encode() if types[key] == "BYTES" else v for v in values], dtype=dtype).reshape(tensor["shape"])
    return made


def close(got: np.ndarray, wanted: np.ndarray, tolerance: float) -> float:
    assert got.shape == wanted.shape, f"{got.shape} for {wanted.shape}"
    if got.dtype == object or wanted.dtype == object:
        assert [x if isinstance(x, bytes) else str(x).encode() for x in got.reshape(-1)] == list(wanted.reshape(-1))
        return 0.0
    worst = float(np.max(np.abs(got.astype(np.float64) - wanted.astype(np.float64))))
    assert worst <= tolerance, f"differs by {worst}"
    return worst


def ask(name: str) -> None:
    case = json.loads((MODELS / f"{name}.json").read_text())
    metadata = by_grpc.get_model_metadata(name)
    types = {t.name: t.datatype for t in [*metadata.inputs, *metadata.outputs]}
    inputs, wanted = arrays(name, case["inputs"], types), arrays(name, case["outputs"], types)
    tolerance = case["tolerance"]

    def compared(results: list[Any], slices: list[slice]) -> float:
        return max(close(result.as_numpy(key), array[rows], tolerance) for result, rows in zip(results, slices, strict=True) for key, array in wanted.items())

    def grpc_inputs(rows: slice) -> list[Any]:
        made = []
        for key, array in inputs.items():
            each = tgrpc.InferInput(key, array[rows].shape, types[key])
            each.set_data_from_numpy(np.ascontiguousarray(array[rows]))
            made.append(each)
        return made

    def http_inputs(rows: slice, binary: bool) -> list[Any]:
        made = []
        for key, array in inputs.items():
            each = thttp.InferInput(key, array[rows].shape, types[key])
            part = np.ascontiguousarray(array[rows])
            each.set_data_from_numpy(part, binary_data=binary)
            made.append(each)
        return made

    everything, singles = slice(None), [slice(i, i + 1) for i in range(20)]
    outputs_json = [thttp.InferRequestedOutput(key, binary_data=False) for key in wanted]
    check(f"{name}: gRPC raw, one batch", lambda: compared([by_grpc.infer(name, grpc_inputs(everything))], [everything]))
    check(f"{name}: gRPC raw, gzip", lambda: compared([by_grpc.infer(name, grpc_inputs(everything), compression_algorithm="gzip")], [everything]))
    check(f"{name}: gRPC raw, rows at once", lambda: compared(asynchronous(name, [grpc_inputs(rows) for rows in singles]), singles))
    check(f"{name}: HTTP binary, one batch", lambda: compared([by_http.infer(name, http_inputs(everything, True))], [everything]))
    check(f"{name}: HTTP binary, gzip", lambda: compared([by_http.infer(name, http_inputs(everything, True), request_compression_algorithm="gzip")], [everything]))
    pending = lambda: [by_http.async_infer(name, http_inputs(rows, True)) for rows in singles]  # noqa: E731
    check(f"{name}: HTTP binary, rows at once", lambda: compared([p.get_result() for p in pending()], singles))
    if not any(np.issubdtype(a.dtype, np.floating) and np.isnan(a).any() for a in inputs.values()):
        check(f"{name}: HTTP JSON", lambda: compared([by_http.infer(name, http_inputs(everything, False), outputs=outputs_json)], [everything]))
    check(f"{name}: gRPC typed", lambda: typed(name, inputs, wanted, types, tolerance))


def asynchronous(name: str, batches: list[Any]) -> list[Any]:
    import threading

    results: list[Any] = [None] * len(batches)
    left = threading.Semaphore(0)

    def put(i: int) -> Callable[[Any, Any], None]:
        def done(result: Any, error: Any) -> None:
            results[i] = result if error is None else error
            left.release()

        return done

    for i, batch in enumerate(batches):
        by_grpc.async_infer(name, batch, put(i))
    for _ in batches:
        left.acquire(timeout=10)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


CONTENTS = {"FP32": "fp32_contents", "INT64": "int64_contents", "BYTES": "bytes_contents"}


def typed(name: str, inputs: dict[str, np.ndarray], wanted: dict[str, np.ndarray], types: dict[str, str], tolerance: float) -> float:
    """tritonclient sends raw only: the same messages by the stub beneath it, with typed contents."""
    from tritonclient.grpc import service_pb2, service_pb2_grpc

    stub = service_pb2_grpc.GRPCInferenceServiceStub(grpc.insecure_channel(GRPC))
    request = service_pb2.ModelInferRequest(model_name=name, id="typed")
    for key, array in inputs.items():
        tensor = request.inputs.add(name=key, datatype=types[key], shape=array.shape)
        getattr(tensor.contents, CONTENTS[types[key]]).extend(array.reshape(-1).tolist())
    response = stub.ModelInfer(request)
    assert response.id == "typed" and len(response.raw_output_contents) == 0
    worst = 0.0
    for output in response.outputs:
        values = list(getattr(output.contents, CONTENTS[output.datatype]))
        got = np.array(values, dtype=object if output.datatype == "BYTES" else None).reshape(tuple(output.shape))
        worst = max(worst, close(got, wanted[output.name], tolerance))
    return worst


def refused(run: Callable[[], Any], status: str, words: str) -> str:
    try:
        run()
    except InferenceServerException as error:
        assert status in str(error.status()), f"{error.status()} for {status}"
        assert words in error.message(), error.message()
        return error.message()
    raise AssertionError("it was answered")


def protocol() -> None:
    names = sorted(path.stem for path in MODELS.glob("*.onnx"))
    check("gRPC: live and ready", lambda: [by_grpc.is_server_live(), by_grpc.is_server_ready()] == [True, True] or 1 / 0)
    check("HTTP: live and ready", lambda: [by_http.is_server_live(), by_http.is_server_ready()] == [True, True] or 1 / 0)
    for client, kind in [(by_grpc, "gRPC"), (by_http, "HTTP")]:
        check(f"{kind}: model ready", lambda c=client: (c.is_model_ready("xgboost") and c.is_model_ready("xgboost", "1")) or 1 / 0)
        check(f"{kind}: server metadata", lambda c=client: c.get_server_metadata())
        check(f"{kind}: metadata of a version", lambda c=client: c.get_model_metadata("xgboost", "1"))
        check(f"{kind}: unknown model", lambda c=client, k=kind: refused(lambda: c.get_model_metadata("nobody"), "NOT_FOUND" if k == "gRPC" else "404", 'Cannot find model "nobody"'))
    check("gRPC: index", lambda: sorted(m.name for m in by_grpc.get_model_repository_index().models) == names or 1 / 0)
    check("HTTP: index", lambda: sorted(m["name"] for m in by_http.get_model_repository_index()) == names or 1 / 0)
    wrong = tgrpc.InferInput("input", [1, 3], "FP32")
    wrong.set_data_from_numpy(np.zeros((1, 3), dtype=np.float32))
    check("gRPC: wrong shape", lambda: refused(lambda: by_grpc.infer("xgboost", [wrong]), "INVALID_ARGUMENT", "is FP32 [-1, 32]"))
    wrong_http = thttp.InferInput("input", [1, 3], "FP32")
    wrong_http.set_data_from_numpy(np.zeros((1, 3), dtype=np.float32))
    check("HTTP: wrong shape", lambda: refused(lambda: by_http.infer("xgboost", [wrong_http]), "400", "is FP32 [-1, 32]"))
    large = tgrpc.InferInput("input", [100_000, 32], "FP32")
    large.set_data_from_numpy(np.zeros((100_000, 32), dtype=np.float32))
    check("gRPC: a batch of 100,000 rows", lambda: by_grpc.infer("xgboost", [large], client_timeout=60).as_numpy("label").shape == (100_000,) or 1 / 0)
    check("gRPC: a deadline that passes", lambda: refused(lambda: by_grpc.infer("xgboost", [large], client_timeout=0.05), "DEADLINE_EXCEEDED", ""))


for model in sorted(path.stem for path in MODELS.glob("*.onnx")):
    ask(model)
protocol()
