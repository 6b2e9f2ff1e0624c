import { dashboard } from './dashboard.ts';
import { rbacRules } from './rbac-rules.ts';
import { chartReadme } from './readme.ts';

const CHART = 'charts/ecs-operator';

/** Folders of the chart in which everything is generated. */
export const OWNED_BY_CHART = [`${CHART}/files/crds`];

/**
 * What of the chart is generated, path → text.
 * @param crds name of the file → text, as they stand in crds/
 */
export function chartFiles(crds: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [name, text] of crds) files.set(`${CHART}/files/crds/${name}`, text);
  files.set(`${CHART}/templates/_rbac-rules.tpl`, rbacRules());
  files.set(`${CHART}/files/dashboard.json`, dashboard());
  files.set(`${CHART}/README.md`, chartReadme());
  return files;
}
