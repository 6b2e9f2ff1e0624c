{{- define "ecs-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 48 | trimSuffix "-" }}
{{- end }}

{{/* Names get suffixes of up to 15 characters, and a name of a Service may have 63. */}}
{{- define "ecs-operator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 48 | trimSuffix "-" }}
{{- else if contains (include "ecs-operator.name" .) .Release.Name }}
{{- .Release.Name | trunc 48 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "ecs-operator.name" .) | trunc 48 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Of what has no namespace: two releases of one name in two namespaces must not share it. */}}
{{- define "ecs-operator.clusterName" -}}
{{- printf "%s:%s" .Release.Namespace (include "ecs-operator.fullname" .) }}
{{- end }}

{{- define "ecs-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "ecs-operator.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "ecs-operator.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" .repository .digest }}
{{- else }}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) }}
{{- end }}
{{- end }}
{{- end }}

{{/* What a selector takes; never changes in the life of a Deployment. (dict "context" $ "component" "operator") */}}
{{- define "ecs-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ecs-operator.name" .context }}
app.kubernetes.io/instance: {{ .context.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "ecs-operator.labels" -}}
{{ include "ecs-operator.selectorLabels" . }}
{{ include "ecs-operator.commonLabels" .context }}
{{- end }}

{{/* Also of what belongs to no component. */}}
{{- define "ecs-operator.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: ecs-operator
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* `annotations:` of all that is given, or nothing. (dict "context" $ "more" (list …)) */}}
{{- define "ecs-operator.annotations" -}}
{{- $all := dict }}
{{- range concat (list .context.Values.commonAnnotations) (default list .more) }}
{{- $all = mustMergeOverwrite $all (deepCopy (default dict .)) }}
{{- end }}
{{- with $all }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "ecs-operator.fakeName" -}}
{{- printf "%s-fake-aws" (include "ecs-operator.fullname" .) }}
{{- end }}

{{- define "ecs-operator.endpointUrl" -}}
{{- if .Values.fakeAws.enabled }}
{{- printf "http://%s.%s.svc:%v" (include "ecs-operator.fakeName" .) .Release.Namespace .Values.fakeAws.service.port }}
{{- else }}
{{- .Values.config.endpointUrl }}
{{- end }}
{{- end }}

{{- define "ecs-operator.region" -}}
{{- if and .Values.fakeAws.enabled (not .Values.config.region) }}
{{- "eu-central-1" }}
{{- else }}
{{- .Values.config.region }}
{{- end }}
{{- end }}

{{/* Mistakes that a schema cannot see. */}}
{{- define "ecs-operator.validate" -}}
{{- with .Values }}
{{- if and (gt (int .replicas) 1) (not .leaderElection.enabled) }}
{{- fail "replicas is above 1 and leaderElection.enabled is false: every replica would work, and one undo what another does. Enable leaderElection, or set replicas to 1." }}
{{- end }}
{{- if and .fakeAws.enabled .config.endpointUrl }}
{{- fail "fakeAws.enabled and config.endpointUrl exclude each other: the fake is the endpoint. Remove one of them." }}
{{- end }}
{{- if and .metrics.serviceMonitor.enabled .metrics.podMonitor.enabled }}
{{- fail "metrics.serviceMonitor.enabled and metrics.podMonitor.enabled: everything would be scraped twice. Enable one of them." }}
{{- end }}
{{- if and (not .metrics.enabled) (or .metrics.serviceMonitor.enabled .metrics.podMonitor.enabled) }}
{{- fail "metrics.enabled is false, so there is nothing that a ServiceMonitor or PodMonitor could scrape. Set metrics.enabled to true." }}
{{- end }}
{{- if and .metrics.enabled (eq (int .metrics.port) (int .health.port)) }}
{{- fail (printf "metrics.port and health.port are both %v: they need two ports." .metrics.port) }}
{{- end }}
{{- $names := list }}
{{- range .accounts }}
{{- if has .name $names }}
{{- fail (printf "accounts: %s is there twice." .name) }}
{{- end }}
{{- $names = append $names .name }}
{{- end }}
{{- end }}
{{- end }}
