"""A model behind Flask, as tutorials have it: `flask_peer.py MODEL PORT` runs Flask's own server; gunicorn loads `app`, with MODEL in the environment."""

import logging
import os
import sys

import numpy as np
import onnxruntime
from flask import Flask, request

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(os.environ.get("MODEL") or sys.argv[1], options)
app = Flask(__name__)


@app.post("/predict")
def predict():
    rows = np.array(request.get_json()["rows"], dtype=np.float32)
    (probabilities,) = session.run(["probabilities"], {"input": rows})
    return {"probabilities": probabilities.reshape(-1).tolist()}


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    print("Running", flush=True)
    app.run("127.0.0.1", int(sys.argv[2]), threaded=True)
