-- The same for all kinds of ecs-operator.dev, whose conditions follow kstatus: Reconciling and Stalled are there only
-- while they hold, and an object with neither that is not Ready rests until somebody lets it go on.
local hs = { status = "Progressing", message = "Waiting for the operator" }

local conditions = {}
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    conditions[condition.type] = condition
  end
end

local ready = conditions["Ready"]
if ready == nil then
  return hs
end
-- What was said about an earlier generation says nothing about this one.
if ready.observedGeneration ~= obj.metadata.generation then
  hs.message = "Waiting for the operator to take up the last change"
  return hs
end

local function holds(name)
  return conditions[name] ~= nil and conditions[name].status == "True"
end

local annotations = obj.metadata.annotations or {}
local annotation = annotations["ecs-operator.dev/paused"]
local policy = obj.spec ~= nil and obj.spec.policy or {}
local paused = policy.paused == true or (annotation ~= nil and annotation ~= "false")

hs.message = ready.message
if holds("Stalled") then
  hs.status = "Degraded"
  hs.message = conditions["Stalled"].message
elseif paused then
  hs.status = "Suspended"
  if ready.reason ~= "Paused" then
    hs.message = "Paused; " .. ready.message
  end
elseif holds("Reconciling") then
  hs.message = conditions["Reconciling"].message
elseif ready.status ~= "True" then
  hs.status = "Suspended"
elseif obj.metadata.deletionTimestamp == nil then
  hs.status = "Healthy"
end
return hs
