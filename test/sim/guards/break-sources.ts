// Preloaded (node --import) where a broken operator is tried: changes one source while it is loaded.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { BREAKAGES } from './breakage.ts';

const name = process.env.SIM_BREAKAGE;
const breakage = BREAKAGES.find((one) => one.name === name);
if (breakage === undefined) throw new Error(`there is no breakage ${name}`);
const { file, from, to } = breakage;
const url = new URL(`../../../${file}`, import.meta.url).href;
if (readFileSync(fileURLToPath(url), 'utf8').split(from).length !== 2) {
  throw new Error(`${file} does not have this exactly once, so ${name} breaks nothing: ${from}`);
}

registerHooks({
  load(loaded, context, next) {
    const result = next(loaded, context);
    if (loaded !== url) return result;
    return { ...result, source: String(result.source).replace(from, () => to) };
  },
});
