-- Makes the challenger of the rollout that runs the champion. It names the artifact, so that what comes after is not promoted by it.
if obj.status == nil or obj.status.rollout == nil then
  error("Cannot promote: no rollout runs, a challenger is needed", 0)
end
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["groundswell.dev/promote"] = obj.status.rollout.challengerSha256
return obj
