-- Stops all its pods and keeps all state.
obj.spec.suspend = true
return obj
