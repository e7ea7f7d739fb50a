-- A person agrees: passes the wait that the rollout stands at. The text names artifact and step, so that twice is once.
if obj.status == nil or obj.status.rollout == nil then
  error("Cannot promote: no rollout runs, a challenger is needed", 0)
end
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["groundswell.dev/promote"] =
  obj.status.rollout.challengerSha256 .. "@" .. obj.status.rollout.step
return obj
