-- Health of every Groundswell resource, in Argo CD's words, from what the operator says in status.

local spec = obj.spec or {}
local status = obj.status or {}
local annotations = obj.metadata.annotations or {}

local function health(state, message)
  return { status = state, message = message }
end

local function condition(type)
  for _, c in ipairs(status.conditions or {}) do
    if c.type == type then
      return c
    end
  end
  return nil
end

-- The variant that the rollout wants to promote, as the spec has it.
local function challenger()
  for _, variant in ipairs(spec.variants or {}) do
    if spec.rollout ~= nil and variant.name == spec.rollout.challenger then
      return variant
    end
  end
  return nil
end

-- A step that ends only when a person promotes: a pause without an end. Argo CD gives such a script no string library, so
-- the step is found by how status names it, as in 2/6.
local function waitsForAPerson()
  if spec.rollout == nil or status.rollout == nil then
    return false
  end
  local steps = spec.rollout.steps or {}
  for i, step in ipairs(steps) do
    if status.rollout.step == i .. "/" .. #steps then
      return step.pause ~= nil and step.pause["for"] == nil
    end
  end
  return false
end

if obj.metadata.deletionTimestamp ~= nil then
  return health("Progressing", "It is being deleted")
end
if annotations["groundswell.dev/pause-reconciliation"] == "true" then
  return health("Suspended", "The operator leaves it alone: groundswell.dev/pause-reconciliation is set")
end
if status.observedGeneration == nil then
  return health("Progressing", "Waiting for the operator to see it")
end
if status.observedGeneration ~= obj.metadata.generation then
  return health("Progressing", "Waiting for the operator to see the newest change")
end

local stalled = condition("Stalled")
if stalled ~= nil and stalled.status == "True" then
  return health("Degraded", stalled.message)
end
if spec.suspend == true then
  return health("Suspended", "It is suspended: its pods are stopped, its state is kept")
end

-- Git still wants what was rejected: say so until Git changes.
local wanted = challenger()
if wanted ~= nil and wanted.artifact ~= nil and status.rejectedSha256 ~= nil
    and wanted.artifact.sha256 == status.rejectedSha256 then
  return health("Degraded", "Variant " .. wanted.name .. " was aborted and is not tried again: change its artifact")
end

local ready = condition("Ready")
if ready == nil then
  return health("Progressing", "Waiting for the operator to say whether it is ready")
end
if ready.status == "True" then
  if waitsForAPerson() then
    return health("Suspended", "The rollout waits for a person to promote: " .. status.rollout.doing)
  end
  return health("Healthy", ready.message)
end
if status.phase == "Failed" or status.phase == "Degraded" then
  return health("Degraded", ready.message)
end
return health("Progressing", ready.message)
