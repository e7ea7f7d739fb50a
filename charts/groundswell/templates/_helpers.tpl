{{/* Base of the names of all objects. */}}
{{- define "groundswell.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains "groundswell" .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-groundswell" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Cluster-wide objects of two releases in two namespaces must not be one. */}}
{{- define "groundswell.clusterName" -}}
{{- if eq .Release.Namespace (include "groundswell.fullname" .) -}}
{{- .Release.Namespace -}}
{{- else -}}
{{- printf "%s-%s" .Release.Namespace (include "groundswell.fullname" .) -}}
{{- end -}}
{{- end -}}

{{- define "groundswell.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" -}}
{{- end -}}

{{/* What tells our pods from all others. Must never change: a Deployment's selector cannot. */}}
{{- define "groundswell.selector" -}}
app.kubernetes.io/name: {{ .Values.nameOverride | default "groundswell-operator" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "groundswell.labels" -}}
{{ include "groundswell.selector" . }}
app.kubernetes.io/component: operator
{{ include "groundswell.originLabels" . }}
{{- end -}}

{{/* What stands on everything of this release, and selects nothing. */}}
{{- define "groundswell.originLabels" -}}
app.kubernetes.io/part-of: groundswell
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ include "groundswell.chart" . }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "groundswell.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "groundswell.fullname" .) -}}
{{- else -}}
{{- required "Cannot run without a ServiceAccount: serviceAccount.create is false, serviceAccount.name is needed" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "groundswell.tag" -}}
{{- .Values.image.tag | default .Chart.AppVersion -}}
{{- end -}}

{{- define "groundswell.image" -}}
{{- with .Values.image.registry }}{{ . }}/{{ end -}}
{{- .Values.image.repository }}:{{ include "groundswell.tag" . -}}
{{- with .Values.image.digest }}@{{ . }}{{ end -}}
{{- end -}}

{{- define "groundswell.priorityClassName" -}}
{{- if .Values.priorityClass.create -}}
{{- .Values.priorityClass.name | default (include "groundswell.clusterName" .) -}}
{{- else -}}
{{- .Values.priorityClass.name -}}
{{- end -}}
{{- end -}}

{{/* Namespaces of scope Namespaced, as JSON. */}}
{{- define "groundswell.namespaces" -}}
{{- .Values.namespaces | default (list .Release.Namespace) | uniq | toJson -}}
{{- end -}}

{{/* Fits the restricted Pod Security Standard. */}}
{{- define "groundswell.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "groundswell.containerSecurity" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
readOnlyRootFilesystem: true
{{- end -}}

{{/* Of the same release: its digest is another. */}}
{{- define "groundswell.trainerImage" -}}
{{- with .Values.image.registry }}{{ . }}/{{ end -}}
{{- .Values.image.repository }}-trainer:{{ include "groundswell.tag" . -}}
{{- end -}}

{{/* Arguments of the operator, as YAML. */}}
{{- define "groundswell.args" -}}
- operator
{{- if eq .Values.scope "Namespaced" }}
- --namespaces={{ include "groundswell.namespaces" . | fromJsonArray | join "," }}
{{- end }}
- --lease-name={{ include "groundswell.fullname" . }}
- --metrics-address=:{{ .Values.ports.metrics }}
- --health-address=:{{ .Values.ports.health }}
- --log-level={{ .Values.logLevel }}
- --image={{ .Values.programs.image | default (include "groundswell.image" .) }}
- --trainer-image={{ .Values.programs.trainerImage | default (include "groundswell.trainerImage" .) }}
{{- with .Values.programs.apiServerCidrs }}
- --api-server-cidrs={{ join "," . }}
{{- end }}
{{- with .Values.trial.kafkaImage }}
- --trial-kafka-image={{ . }}
{{- end }}
{{- with .Values.trial.redisImage }}
- --trial-redis-image={{ . }}
{{- end }}
{{- range .Values.extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end -}}
