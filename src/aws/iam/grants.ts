import type { Operation } from '../operations.ts';

/** What a policy is for: one managed policy each, so that whoever does not use a feature does not allow it. */
export type Feature = 'core' | 'adoption' | 'pass-role' | 'cloud-map' | 'dns' | 'assume-role';

/** What differs from one installation to the next, as `{name}` in resources and values. */
export type Placeholder = 'partition' | 'installation' | 'taskRolePath' | 'operatorRoles';

/** Operator of IAM → key → values. */
type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

interface GrantScope {
  /** Statement id: letters and digits, unique in its file. */
  readonly sid: string;
  readonly feature: Feature;
  readonly resources: readonly string[];
  readonly condition?: Condition;
  /** Why it is needed, and why it is no narrower. */
  readonly why: string;
}

/** One statement: operations that the operator calls, or what AWS asks of the caller besides. */
export type Grant = GrantScope &
  (
    | { readonly operations: readonly Operation[] }
    | { readonly actions: readonly string[]; readonly neededBy: readonly (Operation | 'AwsAccount.assumeRole')[] }
  );

const INSTALLATION = 'ecs-operator.dev/installation';
const OWNED: Condition = { StringLike: { [`aws:ResourceTag/${INSTALLATION}`]: '{installation}' } };
const MADE_AS_OURS: Condition = { StringLike: { [`aws:RequestTag/${INSTALLATION}`]: '{installation}' } };

const CLUSTER = 'arn:{partition}:ecs:*:*:cluster/*';
const SERVICE = 'arn:{partition}:ecs:*:*:service/*';
const TASK_DEFINITION = 'arn:{partition}:ecs:*:*:task-definition/*';

/**
 * Everything that the operator needs in AWS: the source of iam/ and of what a denied call advises. A test holds the
 * operations to those that the code calls. Which resources and conditions an action knows is in the Service
 * Authorization Reference.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudmap.html
 */
export const GRANTS: readonly Grant[] = [
  {
    sid: 'ReadEcs',
    feature: 'core',
    operations: [
      'ecs.DescribeClusters',
      'ecs.DescribeServiceRevisions',
      'ecs.DescribeServices',
      'ecs.DescribeTaskDefinition',
      'ecs.DescribeTasks',
      'ecs.ListServiceDeployments',
      'ecs.ListTaskDefinitions',
      'ecs.ListTasks',
    ],
    resources: ['*'],
    why: 'To see whose a resource is, it has to be read first: what others own is read, and left alone. DescribeTaskDefinition and ListTaskDefinitions know no resources.',
  },
  {
    sid: 'MakeEcs',
    feature: 'core',
    operations: ['ecs.CreateCluster', 'ecs.CreateService', 'ecs.RegisterTaskDefinition'],
    resources: [CLUSTER, SERVICE, TASK_DEFINITION],
    condition: MADE_AS_OURS,
    why: "Nothing is made without the operator's tags.",
  },
  {
    sid: 'TagWhatIsMade',
    feature: 'core',
    actions: ['ecs:TagResource'],
    neededBy: ['ecs.CreateCluster', 'ecs.CreateService', 'ecs.RegisterTaskDefinition'],
    resources: [CLUSTER, SERVICE, TASK_DEFINITION],
    condition: { StringEquals: { 'ecs:CreateAction': ['CreateCluster', 'CreateService', 'RegisterTaskDefinition'] } },
    why: 'AWS asks for it besides the creation when tags are given with it.',
  },
  {
    sid: 'ChangeEcs',
    feature: 'core',
    operations: [
      'ecs.DeleteCluster',
      'ecs.DeleteService',
      'ecs.PutClusterCapacityProviders',
      'ecs.TagResource',
      'ecs.UntagResource',
      'ecs.UpdateCluster',
      'ecs.UpdateService',
    ],
    resources: [CLUSTER, SERVICE, TASK_DEFINITION],
    condition: OWNED,
    why: "Only what carries the operator's tags is changed, deleted, or tagged anew.",
  },
  {
    sid: 'DeregisterTaskDefinitions',
    feature: 'core',
    operations: ['ecs.DeregisterTaskDefinition'],
    resources: ['*'],
    why: 'The action knows neither resources nor tags. The operator calls it for revisions with its own tags only.',
  },
  {
    sid: 'ServiceLinkedRole',
    feature: 'core',
    actions: ['iam:CreateServiceLinkedRole'],
    neededBy: ['ecs.CreateCluster', 'ecs.CreateService'],
    resources: ['arn:{partition}:iam::*:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS*'],
    condition: { StringEquals: { 'iam:AWSServiceName': 'ecs.amazonaws.com' } },
    why: "The first cluster or service of an account makes ECS's own role, by which ECS then registers tasks with load balancers and in Cloud Map. Where the role is there already, this may be left out.",
  },
  {
    sid: 'TagWhatIsAdopted',
    feature: 'adoption',
    operations: ['ecs.TagResource'],
    resources: [CLUSTER, SERVICE, TASK_DEFINITION],
    condition: {
      ...MADE_AS_OURS,
      // IAM's double negation: "true" means that the key is absent.
      Null: { [`aws:ResourceTag/${INSTALLATION}`]: 'true' },
    },
    why: "For spec.policy.adoption: Adopt, and to put tags back that somebody took off: puts the operator's tags on what has none. With it the operator can make any untagged cluster, service or task definition its own.",
  },
  {
    sid: 'RolesOfTasks',
    feature: 'pass-role',
    actions: ['iam:PassRole'],
    neededBy: ['ecs.RegisterTaskDefinition', 'ecs.CreateService', 'ecs.UpdateService'],
    resources: ['arn:{partition}:iam::*:role{taskRolePath}*'],
    condition: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com'] } },
    why: "Task and execution roles go to ecs-tasks.amazonaws.com; roles of load balancer changes, hooks, volumes and VPC Lattice to ecs.amazonaws.com. Limited by the roles' path.",
  },
  {
    sid: 'ReadCloudMap',
    feature: 'cloud-map',
    operations: [
      'servicediscovery.GetNamespace',
      'servicediscovery.GetOperation',
      'servicediscovery.GetService',
      'servicediscovery.ListNamespaces',
      'servicediscovery.ListOperations',
      'servicediscovery.ListServices',
      'servicediscovery.ListTagsForResource',
    ],
    resources: ['*'],
    why: 'To see whose a resource is, it has to be read first; the lists know no resources.',
  },
  {
    sid: 'MakeCloudMap',
    feature: 'cloud-map',
    operations: ['servicediscovery.CreateHttpNamespace', 'servicediscovery.CreateService'],
    resources: ['*'],
    condition: MADE_AS_OURS,
    why: "Nothing is made without the operator's tags. CreateHttpNamespace knows no resources.",
  },
  {
    sid: 'ChangeCloudMap',
    feature: 'cloud-map',
    operations: [
      'servicediscovery.DeleteNamespace',
      'servicediscovery.DeleteService',
      'servicediscovery.UpdateHttpNamespace',
      'servicediscovery.UpdateService',
    ],
    resources: ['arn:{partition}:servicediscovery:*:*:namespace/*', 'arn:{partition}:servicediscovery:*:*:service/*'],
    why: 'Cloud Map knows no condition on the tags of what is changed: narrow it by ids if you have to.',
  },
  {
    sid: 'TagCloudMap',
    feature: 'cloud-map',
    operations: ['servicediscovery.TagResource', 'servicediscovery.UntagResource'],
    resources: ['*'],
    why: 'Both know neither resources nor the tags that are there. TagResource is needed for tags of the spec and for adoption.',
  },
  {
    sid: 'MakeDnsNamespaces',
    feature: 'dns',
    operations: ['servicediscovery.CreatePrivateDnsNamespace', 'servicediscovery.CreatePublicDnsNamespace'],
    resources: ['*'],
    condition: MADE_AS_OURS,
    why: "Nothing is made without the operator's tags. Both know no resources.",
  },
  {
    sid: 'ChangeDnsNamespaces',
    feature: 'dns',
    operations: ['servicediscovery.UpdatePrivateDnsNamespace', 'servicediscovery.UpdatePublicDnsNamespace'],
    resources: ['arn:{partition}:servicediscovery:*:*:namespace/*'],
    why: 'Cloud Map knows no condition on the tags of what is changed.',
  },
  {
    sid: 'HostedZones',
    feature: 'dns',
    actions: ['ec2:DescribeRegions', 'ec2:DescribeVpcs', 'route53:CreateHostedZone', 'route53:ListHostedZonesByName'],
    neededBy: ['servicediscovery.CreatePrivateDnsNamespace', 'servicediscovery.CreatePublicDnsNamespace'],
    resources: ['*'],
    why: 'Cloud Map makes the hosted zone with the rights of the caller. None of these knows a resource.',
  },
  {
    sid: 'HostedZonesOfNamespaces',
    feature: 'dns',
    actions: ['route53:ChangeResourceRecordSets', 'route53:DeleteHostedZone', 'route53:GetHostedZone'],
    neededBy: [
      'servicediscovery.CreatePrivateDnsNamespace',
      'servicediscovery.CreatePublicDnsNamespace',
      'servicediscovery.UpdatePrivateDnsNamespace',
      'servicediscovery.UpdatePublicDnsNamespace',
      'servicediscovery.DeleteNamespace',
    ],
    resources: ['arn:{partition}:route53:::hostedzone/*'],
    why: "To look at the hosted zone, to change its SOA record, and to remove it with the namespace. Cloud Map's documentation names the first two; the third is from AWS's managed policy AWSCloudMapFullAccess.",
  },
  {
    sid: 'HealthChecks',
    feature: 'dns',
    actions: ['route53:DeleteHealthCheck', 'route53:GetHealthCheck', 'route53:UpdateHealthCheck'],
    neededBy: ['servicediscovery.UpdateService'],
    resources: ['arn:{partition}:route53:::healthcheck/*'],
    why: 'A change of healthCheckConfig changes the health checks of the registered instances. ECS makes them with its own role.',
  },
  {
    sid: 'OtherAccounts',
    feature: 'assume-role',
    actions: ['sts:AssumeRole'],
    neededBy: ['AwsAccount.assumeRole'],
    resources: ['arn:{partition}:iam::*:role/{operatorRoles}'],
    why: 'For AwsAccounts with assumeRole. That role decides by its trust policy and the external id.',
  },
];
