-- Lets its pods go on from where they stopped.
obj.spec.suspend = false
return obj
