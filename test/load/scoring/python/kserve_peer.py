"""ONNX Runtime as a model of KServe's Python SDK: `kserve_peer.py MODEL HTTP_PORT GRPC_PORT`."""

import logging
import sys

import kserve
import onnxruntime
from kserve import InferOutput, InferRequest, InferResponse

logging.disable(logging.INFO)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1


class Onnx(kserve.Model):
    def __init__(self) -> None:
        super().__init__("xgboost")
        self.session = onnxruntime.InferenceSession(sys.argv[1], options)
        self.ready = True

    async def predict(self, payload: InferRequest, headers=None, response_headers=None) -> InferResponse:
        (probabilities,) = self.session.run(["probabilities"], {"input": payload.inputs[0].as_numpy()})
        output = InferOutput("probabilities", list(probabilities.shape), "FP32")
        output.set_data_from_numpy(probabilities, binary_data=False)
        return InferResponse(payload.id, self.name, [output])


print("Running", flush=True)
kserve.ModelServer(http_port=int(sys.argv[2]), grpc_port=int(sys.argv[3]), workers=1, access_log_format=None).start([Onnx()])
