{{/* What every pod of ours has in its spec. */}}
{{- define "ecs-operator.podBasics" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* A container that runs a command of the operator's image once. (dict "context" $ "name" … "args" (list …)) */}}
{{- define "ecs-operator.command" -}}
name: {{ .name }}
image: {{ include "ecs-operator.image" .context | quote }}
imagePullPolicy: {{ .context.Values.image.pullPolicy }}
args:
  {{- toYaml .args | nindent 2 }}
resources:
  requests:
    cpu: 10m
    memory: 64Mi
  limits:
    memory: 256Mi
{{- with .context.Values.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Over nodes and zones, each revision by itself. */}}
{{- define "ecs-operator.spread" -}}
{{- $selector := dict "matchLabels" (include "ecs-operator.selectorLabels" (dict "context" . "component" "operator") | fromYaml) }}
{{- $default := list }}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
{{- $default = append $default (dict "maxSkew" 1 "topologyKey" . "whenUnsatisfiable" "ScheduleAnyway" "matchLabelKeys" (list "pod-template-hash")) }}
{{- end }}
{{- range $index, $constraint := default $default .Values.topologySpreadConstraints }}
{{- if $index }}{{ "\n" }}{{ end }}
{{- list (merge (dict) $constraint (dict "labelSelector" $selector)) | toYaml }}
{{- end }}
{{- end }}
