/**
 * Files that the API server takes, since only AWS can know what is wrong with them: the object is Stalled, Refused, with
 * these words of AWS's in its message. What the API server itself refuses is in ../crd/real-files-refused.ts.
 */
export const REFUSED_BY_AWS: Readonly<Record<'task-definitions' | 'services', Readonly<Record<string, RegExp>>>> = {
  'task-definitions': {
    '013': /ephemeralStorage\.sizeInGiB must be between 21 and 200, but it is 11/,
    // A container mounts a volume that the excerpt from AWS's documentation leaves out.
    '024': /Unknown volume 'fsx-windows-dir'/,
  },
  services: {
    '011': /Placement strategies are not supported with FARGATE launch type/,
    // Target groups that a template, or the reader, was to fill in.
    '009': /Invalid target group ARN: \{\{ tfstate/,
    '033': /Invalid target group ARN: \{\{ tfstate/,
    '037': /Invalid target group ARN: REPLACE_ME_NLB_TARGET_GROUP_ARN/,
    '041': /Invalid target group ARN: \{\{ cfn_output/,
    '042': /Invalid target group ARN: FILL-IN-YOUR-TARGET-GROUP/,
  },
};
