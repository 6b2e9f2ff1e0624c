/**
 * Trust policies: who may take the operator's role. `${…}` are what is known only to whoever installs it; CloudFormation
 * and Terraform fill them in, and in iam/trust/ they have example values.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
export const TRUST = {
  /** IAM roles for service accounts: the cluster's OIDC provider vouches for one service account. */
  irsa: (it: TrustInput) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ServiceAccountOfTheOperator',
        Effect: 'Allow',
        Principal: { Federated: `arn:${it.partition}:iam::${it.account}:oidc-provider/${it.oidcIssuer}` },
        Action: ['sts:AssumeRoleWithWebIdentity'],
        Condition: {
          StringEquals: {
            [`${it.oidcIssuer}:aud`]: 'sts.amazonaws.com',
            [`${it.oidcIssuer}:sub`]: `system:serviceaccount:${it.namespace}:${it.serviceAccount}`,
          },
        },
      },
    ],
  }),
  /** EKS Pod Identity: EKS takes the role for one service account of one cluster, and says so in session tags. */
  'pod-identity': (it: TrustInput) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ServiceAccountOfTheOperator',
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringEquals: {
            'aws:SourceAccount': it.account,
            'aws:RequestTag/kubernetes-namespace': it.namespace,
            'aws:RequestTag/kubernetes-service-account': it.serviceAccount,
          },
        },
      },
    ],
  }),
  /** Another account's operator, which shows the external id of its AwsAccount. */
  'second-account': (it: TrustInput) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OperatorOfAnotherAccount',
        Effect: 'Allow',
        Principal: { AWS: it.operatorRoleArn },
        Action: ['sts:AssumeRole'],
        Condition: { StringEquals: { 'sts:ExternalId': it.externalId } },
      },
    ],
  }),
} as const;

export interface TrustInput {
  readonly partition: string;
  readonly account: string;
  /** Host and path, without `https://`. */
  readonly oidcIssuer: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly operatorRoleArn: string;
  readonly externalId: string;
}

/** What iam/trust/ shows, to be replaced. */
export const EXAMPLE_TRUST: TrustInput = {
  partition: 'aws',
  account: '111122223333',
  oidcIssuer: 'oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
  namespace: 'ecs-operator',
  serviceAccount: 'ecs-operator',
  operatorRoleArn: 'arn:aws:iam::111122223333:role/ecs-operator',
  externalId: 'choose-a-long-random-text',
};
