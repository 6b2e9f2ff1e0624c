import { createRequire } from 'node:module';

/** As much of it as is used here: its own types bring those of a browser along, which are not Node's. */
interface Lua {
  doStringSync(script: string): unknown;
  readonly global: { close(): void };
}
const require = createRequire(import.meta.url);
// Safe: as its documentation has it.
const wasmoon = require('wasmoon-lua5.1') as { Lua: { create(): Promise<Lua> } };

/**
 * What Argo CD gives to the scripts of argocd-cm: base, `table`, and `os.time` and `os.date` through `require`. There is
 * no `string` and no `math` (util/lua/lua.go, runLua). Tables are encoded as its gopher-json does: an empty one is a list.
 */
const PRELUDE = `
local format, gsub, byte, concat, floor = string.format, string.gsub, string.byte, table.concat, math.floor
local env = {}
for _, base in ipairs({
  "assert", "error", "getmetatable", "ipairs", "next", "pairs", "pcall", "rawequal", "rawget", "rawset", "select",
  "setmetatable", "tonumber", "tostring", "type", "unpack",
}) do
  env[base] = _G[base]
end
env._G = env
env.table = table
local safe = { os = { time = os.time, date = os.date } }
env.require = function(module)
  return safe[module] or error("module " .. module .. " not found")
end

local function quoted(text)
  return '"' .. gsub(text, '[%c"\\\\]', function(char) return format("\\\\u%04x", byte(char)) end) .. '"'
end
local function encode(value)
  local kind = type(value)
  if kind == "nil" then return "null" end
  if kind == "string" then return quoted(value) end
  if kind == "boolean" then return tostring(value) end
  if kind == "number" then return value == floor(value) and format("%d", value) or format("%.17g", value) end
  if kind ~= "table" then error("cannot encode a " .. kind) end
  local first = next(value)
  local parts = {}
  if first == nil then return "[]" end
  if type(first) == "number" then
    for at in pairs(value) do if type(at) ~= "number" then error("a table with keys of two types") end end
    for at, one in ipairs(value) do parts[at] = encode(one) end
    return "[" .. concat(parts, ",") .. "]"
  end
  for key, one in pairs(value) do
    if type(key) ~= "string" then error("a table with keys of two types") end
    parts[#parts + 1] = quoted(key) .. ":" .. encode(one)
  end
  return "{" .. concat(parts, ",") .. "}"
end
`;

/** Runs scripts as Argo CD's VM does, by a real Lua 5.1, which is the dialect of the gopher-lua there. */
export class LuaSandbox {
  readonly #lua: Lua;

  private constructor(lua: Lua) {
    this.#lua = lua;
  }

  static async create(): Promise<LuaSandbox> {
    return new LuaSandbox(await wasmoon.Lua.create());
  }

  /** @returns what the script returns, through JSON. @throws what Lua says of a script that is wrong. */
  run(script: string, obj: unknown): unknown {
    const json: unknown = this.#lua.doStringSync(
      `${PRELUDE}
env.obj = ${literal(obj)}
local chunk, wrong = loadstring(${literal(script)}, "=script")
if chunk == nil then error(wrong) end
setfenv(chunk, env)
return encode(chunk())`,
    );
    if (typeof json !== 'string') throw new Error(`the sandbox gave ${String(json)}`);
    return JSON.parse(json);
  }

  close(): void {
    this.#lua.global.close();
  }
}

/** A value of JSON as Lua writes it; null is nil, as in Argo CD. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'string') return `"${[...Buffer.from(value)].map(escaped).join('')}"`;
  if (Array.isArray(value)) return `{${value.map(literal).join(',')}}`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, one]) => `[${literal(key)}]=${literal(one)}`);
    return `{${entries.join(',')}}`;
  }
  return String(value);
}

function escaped(byte: number): string {
  const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  return plain ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`;
}
