import http from 'node:http';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { KubeConfigError } from './errors.ts';
import { type HttpTransportOptions, type KubeConnection, send } from './http-transport.ts';
import type { ClusterAccess } from './kubeconfig.ts';

/**
 * For what only the library knows: auth-provider plugins (oidc, gcp, azure) and proxies. Importing it costs about
 * 25 MB, so http-transport does that only when it is needed.
 */
export async function libraryTransport(needs: {
  readonly access: ClusterAccess;
  readonly options: HttpTransportOptions;
}): Promise<Pick<KubeConnection, 'transport' | 'close'>> {
  const { access, options } = needs;
  const config = new KubeConfig();
  try {
    if (options.kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(options.kubeconfig);
    if (options.context !== undefined) config.setCurrentContext(options.context);
  } catch (error) {
    throw new KubeConfigError(`${access.source}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  return {
    async transport(request) {
      const filled: RequestOptions = { headers: {} };
      await config.applyToHTTPSOptions(filled);
      const headers: Record<string, string> = { ...request.headers, 'user-agent': options.userAgent };
      for (const [name, value] of Object.entries(filled.headers ?? {})) headers[name.toLowerCase()] = String(value);
      if (typeof filled.auth === 'string') {
        headers.authorization = `Basic ${Buffer.from(filled.auth).toString('base64')}`;
      }
      if (!(filled.agent instanceof http.Agent)) throw new KubeConfigError(`${access.source}: unsupported proxy`);
      return send({ server: access.server, request: { ...request, headers }, agent: filled.agent });
    },
    close() {},
  };
}
