/** Our prefix, of annotations, finalizers and AWS tags alike. */
export const PREFIX = 'ecs-operator.dev';

/** On a Namespace: the AwsAccount its objects use when they name none. */
export const ACCOUNT_ANNOTATION = `${PREFIX}/account`;
/** On an object, Namespace or AwsAccount: nothing is deleted in AWS. */
export const PROTECTED_ANNOTATION = `${PREFIX}/deletion-protected`;
/** On an object, Namespace or AwsAccount: look, report, change nothing. */
export const PAUSED_ANNOTATION = `${PREFIX}/paused`;
/** What keeps an object until AWS's side is gone. */
export const FINALIZER = `${PREFIX}/finalizer`;

/** Whether an annotation is set to something other than `false`. */
export function isAnnotated(
  object: { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } } | undefined,
  annotation: string,
): boolean {
  const value = object?.metadata.annotations?.[annotation];
  return value !== undefined && value !== 'false';
}
