/** What the fake reads from a signed request; the signature itself is not checked. */
export interface Signer {
  readonly accessKeyId: string;
  readonly region: string;
}

/**
 * The access key and the region of a SigV4 `Authorization` header, or undefined when it is not one.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function parseAuthorization(header: string | undefined): Signer | undefined {
  const scope = header?.match(/^AWS4-(?:HMAC-SHA256|ECDSA-P256-SHA256) Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\//);
  const [, accessKeyId, region] = scope ?? [];
  return accessKeyId && region ? { accessKeyId, region } : undefined;
}
