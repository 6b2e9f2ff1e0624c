-- An annotation, and not spec.policy.paused: what git declares stays as it is, so nothing turns out of sync.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["ecs-operator.dev/paused"] = "true"
return obj
