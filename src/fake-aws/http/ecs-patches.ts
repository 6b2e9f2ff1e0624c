import { CreateClusterRequest$, CreateServiceRequest$, RegisterTaskDefinitionRequest$ } from '@aws-sdk/client-ecs';

import { AwsError } from '../core/aws-error.ts';
import { InputChecker, type SdkSchema } from '../core/input.ts';
import type { ClusterPatch, ServicePatch, TaskDefinitionPatch } from '../ecs/controls.ts';
import { BadRequest, ControlBody } from './control-route.ts';

const checker = new InputChecker({ invalidCode: 'InvalidParameterException' });

const SERVICE = [
  'desiredCount',
  'tags',
  'enableExecuteCommand',
  'healthCheckGracePeriodSeconds',
  'deploymentConfiguration',
  'taskDefinition',
  'serviceConnectConfiguration',
  'loadBalancers',
  'networkConfiguration',
];

/** @throws BadRequest for a member that cannot be changed so, or that is not as AWS has it. */
export function servicePatch(set: object): ServicePatch {
  return checked<ServicePatch>({ set, known: SERVICE, schema: CreateServiceRequest$, required: { serviceName: 'x' } });
}

/** @throws BadRequest for a member that cannot be changed so, or that is not as AWS has it. */
export function taskDefinitionPatch(set: object): TaskDefinitionPatch {
  const body = new ControlBody(set, ['tags', 'status', 'containerDefinitions']);
  const status = body.optionalText('status');
  if (status !== undefined && status !== 'ACTIVE' && status !== 'INACTIVE') {
    throw new BadRequest(`status must be ACTIVE or INACTIVE, not ${status}`);
  }
  const content = checked<Omit<TaskDefinitionPatch, 'status'>>({
    set: Object.fromEntries(Object.entries(set).filter(([name]) => name !== 'status')),
    known: ['tags', 'containerDefinitions'],
    schema: RegisterTaskDefinitionRequest$,
    required: { family: 'x', containerDefinitions: [] },
  });
  return status === undefined ? content : { ...content, status };
}

/** @throws BadRequest for a member that cannot be changed so, or that is not as AWS has it. */
export function clusterPatch(set: object): ClusterPatch {
  const known = ['tags', 'settings', 'capacityProviders', 'serviceConnectDefaults'];
  return checked<ClusterPatch>({ set, known, schema: CreateClusterRequest$, required: {} });
}

interface PatchCheck {
  readonly set: object;
  readonly known: readonly string[];
  /** A request that has these members too, with the same types. */
  readonly schema: SdkSchema;
  /** What that request needs besides. */
  readonly required: object;
}

function checked<Patch extends object>({ set, known, schema, required }: PatchCheck): Patch {
  new ControlBody(set, known);
  try {
    checker.check(schema, { ...required, ...set });
  } catch (error) {
    if (error instanceof AwsError) throw new BadRequest(error.message);
    throw error;
  }
  // The members are among the patch's own, and each has just been held to the type that AWS's schema gives it.
  return set as Patch;
}
