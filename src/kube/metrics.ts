/** What the client tells of its requests; implemented by telemetry. */
export interface KubeMetrics {
  /**
   * One request was answered or failed: `rest_client_requests_total{code,method,host}`.
   * `code` is the HTTP status, or `<error>` when no answer was had, as in client-go.
   */
  request(labels: { readonly code: string; readonly method: string; readonly host: string }): void;
}
