import { CloudMap } from './cloud-map/cloud-map.ts';
import type { FakeService, FakeServiceName } from './core/request.ts';
import type { FakeScope } from './core/scope.ts';
import type { EcsControls } from './ecs/controls.ts';
import { Ecs } from './ecs/ecs.ts';

/** The services of one account and region. */
export interface FakeRegion {
  /** By the names that calls use; what is missing answers UnknownOperationException. */
  readonly services: Readonly<Partial<Record<FakeServiceName, FakeService>>>;
  /** What acts on ECS behind every client's back. */
  readonly ecs: EcsControls;
}

/** Makes the services of one account and region and introduces them to each other (ECS registers with Cloud Map). */
export function makeRegion(scope: FakeScope): FakeRegion {
  const cloudMap = new CloudMap(scope);
  const ecs = new Ecs({ scope, cloudMap });
  return { services: { ecs, servicediscovery: cloudMap }, ecs: ecs.controls };
}
