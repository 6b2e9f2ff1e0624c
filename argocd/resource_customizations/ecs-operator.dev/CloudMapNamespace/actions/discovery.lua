local annotations = obj.metadata.annotations or {}
local annotation = annotations["ecs-operator.dev/paused"]
local policy = obj.spec ~= nil and obj.spec.policy or {}
local paused = annotation ~= nil and annotation ~= "false"

local actions = {}
actions["pause"] = {
  iconClass = "fa fa-fw fa-pause",
  disabled = paused or policy.paused == true,
}
-- A pause in the spec is git's to lift.
actions["resume"] = {
  iconClass = "fa fa-fw fa-play",
  disabled = not paused,
}
return actions
