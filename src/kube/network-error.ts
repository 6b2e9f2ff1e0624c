/** A network error in words that a person can act on. */
export function describeNetworkError(error: unknown): string {
  const code = codeOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused; is the server running, and is its address right?';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its host name cannot be resolved';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'the connection was cut';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'the host cannot be reached';
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'its certificate is for another host name';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'its certificate was not signed by the given certificate authority';
    default: {
      const message = error instanceof Error ? error.message : String(error);
      return message === '' ? String(code) : message;
    }
  }
}

function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && error.code) return error.code;
  // Node tries IPv6 and IPv4 at once, and gives both failures.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined;
}
