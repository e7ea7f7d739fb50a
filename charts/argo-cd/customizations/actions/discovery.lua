-- Which actions make sense now. One that does not is shown, and cannot be chosen.

local spec = obj.spec or {}
local suspended = spec.suspend == true

local actions = {
  ["pause"] = { ["disabled"] = suspended, ["iconClass"] = "fa fa-fw fa-pause-circle" },
  ["resume"] = { ["disabled"] = not suspended, ["iconClass"] = "fa fa-fw fa-play-circle" },
}

if obj.kind == "ScoringModel" then
  local rollout = obj.status ~= nil and obj.status.rollout or nil
  local running = rollout ~= nil
  actions["promote"] = { ["disabled"] = not running, ["iconClass"] = "fa fa-fw fa-forward" }
  actions["abort"] = { ["disabled"] = not running, ["iconClass"] = "fa fa-fw fa-times-circle" }
end

return actions
