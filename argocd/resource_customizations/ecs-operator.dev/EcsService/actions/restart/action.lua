-- A new value starts one new deployment of what is declared.
local os = require("os")
obj.spec.restartedAt = os.date("!%Y-%m-%dT%H:%M:%SZ")
return obj
