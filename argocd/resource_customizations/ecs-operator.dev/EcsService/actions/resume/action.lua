obj.metadata.annotations["ecs-operator.dev/paused"] = nil
-- An empty table would be taken for an empty list, and the annotation kept.
if next(obj.metadata.annotations) == nil then
  obj.metadata.annotations = nil
end
return obj
