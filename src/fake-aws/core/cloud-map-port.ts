/** An instance of a task in a Cloud Map service. `service` is the service's ARN or id. */
export interface InstanceRegistration {
  readonly service: string;
  readonly instanceId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What ECS needs to know of a Cloud Map service that a service registry names. */
export interface RegistryFacts {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  /** DNS record types (`A`, `AAAA`, `SRV`, …); none for a service that is only found by API calls. */
  readonly recordTypes: readonly string[];
}

/** What ECS needs to know of a Cloud Map namespace. */
export interface NamespaceFacts {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly type: 'HTTP' | 'DNS_PRIVATE' | 'DNS_PUBLIC';
}

/**
 * What ECS calls when tasks with service registries start and stop. Both calls take effect at once: ECS itself waits
 * before it deregisters, as AWS does.
 */
interface InstanceRegistry {
  /** Adds or replaces an instance. Does nothing when the service is gone. */
  register(instance: InstanceRegistration): void;
  /** Removes an instance. Does nothing when it or its service is gone. */
  deregister(instance: Pick<InstanceRegistration, 'service' | 'instanceId'>): void;
}

/** Everything that ECS asks of Cloud Map in its own account and region. */
export interface CloudMapPort extends InstanceRegistry {
  /** @param service ARN or id. */
  findService(service: string): RegistryFacts | undefined;
  /** @param namespace ARN, id or name. */
  findNamespace(namespace: string): NamespaceFacts | undefined;
  /** The HTTP namespace of this name, made when it is missing (CreateCluster does that for its default namespace). */
  ensureHttpNamespace(name: string): NamespaceFacts;
  /**
   * The service that Service Connect keeps under this name in a namespace, made when it is missing; `made` says whether
   * it was, so that what somebody else made is not removed later.
   */
  ensureConnectService(options: {
    readonly namespaceArn: string;
    readonly name: string;
  }): RegistryFacts & { readonly made: boolean };
  /** Removes such a service with all its instances; does nothing when it is gone. */
  dropConnectService(serviceArn: string): void;
}
