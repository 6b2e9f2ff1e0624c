{{/* The operator's command line, as a list. A unit test holds it to the flags of `run`. */}}
{{- define "ecs-operator.args" -}}
- run
{{- with .Values.namespaces }}
{{- range . }}
- --namespace={{ . }}
{{- end }}
{{- end }}
{{- with .Values.config }}
{{- with .selector }}
- {{ printf "--selector=%s" . | quote }}
{{- end }}
{{- with .accountSelector }}
- {{ printf "--account-selector=%s" . | quote }}
{{- end }}
{{- with include "ecs-operator.region" $ }}
- --region={{ . }}
{{- end }}
{{- with include "ecs-operator.endpointUrl" $ }}
- {{ printf "--endpoint-url=%s" . | quote }}
{{- end }}
{{- with .installationId }}
- {{ printf "--installation-id=%s" . | quote }}
{{- end }}
- {{ printf "--default-account-namespaces=%s" (join "," .defaultAccountNamespaces) | quote }}
{{- if .readOnly }}
- --read-only
{{- end }}
- --max-deletes-per-minute={{ int .maxDeletesPerMinute }}
- --workers={{ int .workers }}
- --resync={{ .resync }}
- --aws-rate-scale={{ .awsRateScale }}
- --condition-metrics-limit={{ int .conditionMetricsLimit }}
- --log-level={{ .logLevel }}
- --log-format={{ .logFormat }}
{{- end }}
- --metrics-addr={{ ternary (printf ":%d" (int .Values.metrics.port)) "0" .Values.metrics.enabled }}
- --health-addr=:{{ int .Values.health.port }}
{{- if .Values.leaderElection.enabled }}
- --leader-elect
- --leader-elect-namespace={{ .Release.Namespace }}
{{- end }}
{{- with .Values.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The operator's environment, as a list. */}}
{{- define "ecs-operator.env" -}}
{{- if .Values.fakeAws.enabled }}
# The fake takes any credentials, but the AWS SDK wants some.
- name: AWS_ACCESS_KEY_ID
  value: fake
- name: AWS_SECRET_ACCESS_KEY
  value: fake
{{- else }}
{{- with .Values.aws.existingSecret }}
{{- range list "AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY" "AWS_SESSION_TOKEN" }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $.Values.aws.existingSecret }}
      key: {{ . }}
      {{- if eq . "AWS_SESSION_TOKEN" }}
      optional: true
      {{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.proxy }}
{{- if or .httpProxy .httpsProxy }}
{{- with .httpProxy }}
- name: HTTP_PROXY
  value: {{ . | quote }}
{{- end }}
{{- with .httpsProxy }}
- name: HTTPS_PROXY
  value: {{ . | quote }}
{{- end }}
# The API server, IMDS and EKS Pod Identity are reached without a proxy.
- name: NO_PROXY
  value: {{ prepend (without (splitList "," .noProxy) "") "$(KUBERNETES_SERVICE_HOST),localhost,127.0.0.1,169.254.169.254,169.254.170.2,169.254.170.23,[fd00:ec2::23],.svc,.svc.cluster.local" | join "," | quote }}
{{- end }}
{{- end }}
{{- with .Values.privateCa.configMap }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/ecs-operator/private-ca/{{ $.Values.privateCa.key }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
