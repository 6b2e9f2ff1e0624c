# The image of ecs-operator: Node.js and one bundled file. `npm run image` builds it; by hand:
#   npm ci && npm run build && docker build -t ecs-operator:dev .
# Any base with Node 24 in PATH does; this one has no shell and no package manager. It has no tags for versions of
# Node: a release is built on the digest of that day.
ARG BASE_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot
FROM ${BASE_IMAGE}

ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="ecs-operator" \
      org.opencontainers.image.description="Runs Amazon ECS and AWS Cloud Map from Kubernetes custom resources" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"

# Distroless keeps node in /nodejs/bin.
ENV PATH=/nodejs/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY LICENSE dist/ecs-operator.js dist/ecs-operator.js.map /app/
WORKDIR /app
USER 65532:65532
# Metrics and health of `run`; the API of `fake-aws`.
EXPOSE 8080 8081 4566
# Without a shell between: node is process 1 and gets SIGTERM itself.
ENTRYPOINT ["node", "/app/ecs-operator.js"]
CMD ["run"]
