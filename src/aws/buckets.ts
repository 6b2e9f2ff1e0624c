import type { Category } from './operations.ts';

/** A token bucket: how many calls may come at once, and how many per second afterwards. */
export interface Bucket {
  readonly burst: number;
  readonly refill: number;
}

/**
 * AWS's buckets, per account and region.
 * ECS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html. Cloud Map publishes none for
 * these calls: the rates are those that the AWS Cloud Map MCS controller sets itself. Where neither says anything, a
 * rate that is modest beside its neighbours.
 */
export const BUCKETS: Readonly<Record<Category, Bucket>> = {
  'cluster-modify': { burst: 20, refill: 1 },
  'cluster-read': { burst: 50, refill: 20 },
  'task-definition-modify': { burst: 20, refill: 1 },
  'task-definition-delete': { burst: 5, refill: 1 },
  'task-definition-read': { burst: 50, refill: 20 },
  'service-modify': { burst: 50, refill: 5 },
  'service-read': { burst: 100, refill: 20 },
  'service-deployment-read': { burst: 50, refill: 20 },
  'service-revision-read': { burst: 50, refill: 20 },
  'task-read': { burst: 100, refill: 20 },
  'task-set-read': { burst: 50, refill: 20 },
  'tags-modify': { burst: 20, refill: 10 },
  'tags-read': { burst: 50, refill: 20 },
  'cloud-map-namespace-create': { burst: 5, refill: 0.5 },
  'cloud-map-namespace-list': { burst: 5, refill: 0.5 },
  'cloud-map-service-create': { burst: 50, refill: 5 },
  'cloud-map-service-list': { burst: 10, refill: 2 },
  'cloud-map-instance-modify': { burst: 100, refill: 50 },
  'cloud-map-operation-read': { burst: 200, refill: 100 },
  'cloud-map-modify': { burst: 50, refill: 5 },
  'cloud-map-read': { burst: 50, refill: 20 },
  sts: { burst: 50, refill: 20 },
};
