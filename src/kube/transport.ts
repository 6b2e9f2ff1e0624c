/** One request to the Kubernetes API, above TLS and credentials. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, e.g. `/apis/ecs-operator.dev/v1alpha1/ecsservices?limit=500`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** What came back: the body is a stream, since a watch never ends by itself. */
export interface KubeResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * The one seam below kube/: everything that reaches Kubernetes goes through it, so the simulator can stand in for
 * the whole API server, bytes of a watch included.
 * @throws an Error when no answer was had (refused, reset, timed out, aborted); any HTTP status is an answer.
 */
export type KubeTransport = (request: KubeRequest) => Promise<KubeResponse>;
