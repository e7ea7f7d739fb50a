{{/* Generated from the rules of the operator by `npm run generate`. Do not edit. */}}

{{- define "groundswell.rules.work" -}}
- apiGroups:
    - groundswell.dev
  resources:
    - viralitypipelines
    - featurewindows
    - scoringmodels
    - feeds
    - recommenders
  verbs:
    - list
    - watch
- apiGroups:
    - groundswell.dev
  resources:
    - viralitypipelines/status
    - featurewindows/status
    - scoringmodels/status
    - feeds/status
    - recommenders/status
  verbs:
    - patch
- apiGroups:
    - ""
  resources:
    - serviceaccounts
    - configmaps
    - services
    - persistentvolumeclaims
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - rbac.authorization.k8s.io
  resources:
    - roles
    - rolebindings
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - apps
  resources:
    - deployments
    - statefulsets
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - batch
  resources:
    - cronjobs
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - autoscaling
  resources:
    - horizontalpodautoscalers
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - policy
  resources:
    - poddisruptionbudgets
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - networking.k8s.io
  resources:
    - networkpolicies
    - ingresses
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - monitoring.coreos.com
  resources:
    - podmonitors
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - flink.apache.org
  resources:
    - flinkdeployments
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - keda.sh
  resources:
    - triggerauthentications
    - scaledobjects
  verbs:
    - get
    - list
    - watch
    - create
    - patch
    - delete
- apiGroups:
    - kafka.strimzi.io
  resources:
    - kafkatopics
  verbs:
    - get
    - list
    - watch
    - create
    - patch
- apiGroups:
    - ""
  resources:
    - pods
  verbs:
    - list
    - watch
- apiGroups:
    - batch
  resources:
    - jobs
  verbs:
    - list
    - watch
- apiGroups:
    - ""
  resources:
    - secrets
  verbs:
    - list
    - watch
- apiGroups:
    - events.k8s.io
  resources:
    - events
  verbs:
    - create
{{- end }}

{{- define "groundswell.rules.lease" -}}
- apiGroups:
    - coordination.k8s.io
  resources:
    - leases
  verbs:
    - get
    - create
    - update
{{- end }}

{{- define "groundswell.rules.view" -}}
- apiGroups:
    - groundswell.dev
  resources:
    - viralitypipelines
    - featurewindows
    - scoringmodels
    - feeds
    - recommenders
  verbs:
    - get
    - list
    - watch
{{- end }}

{{- define "groundswell.rules.edit" -}}
- apiGroups:
    - groundswell.dev
  resources:
    - viralitypipelines
    - featurewindows
    - scoringmodels
    - feeds
    - recommenders
  verbs:
    - get
    - list
    - watch
    - create
    - update
    - patch
    - delete
    - deletecollection
- apiGroups:
    - groundswell.dev
  resources:
    - featurewindows/scale
    - scoringmodels/scale
    - feeds/scale
    - recommenders/scale
  verbs:
    - get
    - update
    - patch
{{- end }}
