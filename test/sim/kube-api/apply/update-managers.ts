import { type Manager, type Managers, managerId } from './managed-fields.ts';

const MOST = 10;
const ANCIENT = 'ancient-changes';

/** Beyond ten managers that updated, the oldest become one (k8s.io/apimachinery, capmanagers.go). */
export function capUpdateManagers(managers: Managers): Managers {
  const updaters = [...managers].filter(([, manager]) => manager.operation === 'Update');
  if (updaters.length <= MOST) return managers;
  updaters.sort(([id, one], [otherId, other]) => {
    const [time, otherTime] = [one.time ?? '', other.time ?? ''];
    if (time !== otherTime) return time < otherTime ? -1 : 1;
    return id < otherId ? -1 : 1;
  });
  const after = new Map(managers);
  const firstOf = new Map<string, string>();
  let count = updaters.length;
  for (const [id, manager] of updaters) {
    if (count <= MOST) break;
    const { apiVersion } = manager;
    const first = firstOf.get(apiVersion);
    if (first === undefined) {
      firstOf.set(apiVersion, id);
      continue;
    }
    const bucket: Omit<Manager, 'fields'> = { ...manager, name: ANCIENT, subresource: '' };
    const bucketId = managerId(bucket);
    const oldest = after.get(bucketId) ?? after.get(first);
    if (!after.has(bucketId)) after.delete(first);
    after.delete(id);
    after.set(bucketId, {
      ...bucket,
      fields: oldest === undefined ? manager.fields : manager.fields.union(oldest.fields),
    });
    count--;
  }
  return after;
}
