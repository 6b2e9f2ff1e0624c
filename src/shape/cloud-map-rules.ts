import type { CanonicalRules } from './canonical.ts';

/** How Cloud Map rewrites what it is given (API reference of CreateService). */
export const cloudMapRules: CanonicalRules = {
  rewrite: {
    // TCP checks have no path; HTTP and HTTPS ones ask for / when none is given.
    'HealthCheckConfig.resourcePath': (value) => (value === '/' ? undefined : value),
    // The old place of the namespace's id, which AWS prints in both.
    'DnsConfig.namespaceId': (value, { root }) => (value === root.namespaceId ? undefined : value),
  },
  same: {},
};
