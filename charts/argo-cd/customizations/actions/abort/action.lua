-- Gives everything back to the champion, now. It names the artifact: the next challenger is not aborted by it, as it would
-- be by spec.rollout.abort.
if obj.status == nil or obj.status.rollout == nil then
  error("Cannot abort: no rollout runs, a challenger is needed", 0)
end
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["groundswell.dev/abort"] = obj.status.rollout.challengerSha256
return obj
