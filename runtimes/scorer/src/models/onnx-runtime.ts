/**
 * Loads ONNX Runtime, which is 45 MB of native code, when the first model comes. From Linux too it sends digests and names of
 * models to its makers, since 1.29, unless it is told not to before it is loaded.
 */
export const loadOnnxRuntime = () => {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  return import('onnxruntime-node');
};
