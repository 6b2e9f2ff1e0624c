import type { Deployment, Service, ServiceRevision } from '@aws-sdk/client-ecs';
import { fromAws } from '../../shape/aws-names.ts';
import type { JsonObject } from '../../shape/shape.ts';
import { serviceShape } from '../../shape/shapes.ts';
import { rulesOf } from './fields.ts';

/** The deployment that AWS works towards: the newest one. */
export function primaryDeployment(service: Service | undefined): Deployment | undefined {
  return service?.deployments?.find(({ status }) => status === 'PRIMARY');
}

/**
 * What a service holds, in the names of CreateService. Service Connect, volumes and VPC Lattice stand on its PRIMARY
 * deployment; `revision` brings what only service revisions tell.
 */
export function liveRequest(service: Service, revision?: ServiceRevision): JsonObject {
  const primary = primaryDeployment(service);
  return fromAws(
    {
      ...service,
      role: service.roleArn,
      serviceConnectConfiguration: primary?.serviceConnectConfiguration,
      volumeConfigurations: primary?.volumeConfigurations,
      vpcLatticeConfigurations: primary?.vpcLatticeConfigurations,
      gatewayConnectors: revision?.gatewayConnectors,
      monitoring: revision?.monitoring,
    },
    serviceShape,
  );
}

/** What a service revision holds, in the names of CreateService: what starts a deployment, and no more. */
export function revisionRequest(revision: ServiceRevision): JsonObject {
  const request = fromAws(revision, serviceShape);
  return Object.fromEntries(Object.entries(request).filter(([member]) => rulesOf(member).starts === true));
}
