{{- define "offboarder.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "offboarder.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "offboarder.labels" -}}
{{ include "offboarder.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* As the program reads durations: 500ms, 25s, 2m, 1h. */}}
{{- define "offboarder.shutdownSeconds" -}}
{{- $text := index .Values.config "shutdown-timeout" | default "25s" | toString }}
{{- $number := regexFind "^[0-9]+" $text | int }}
{{- if regexMatch "^[0-9]+ms$" $text }}{{ div (add $number 999) 1000 }}
{{- else if regexMatch "^[0-9]+s$" $text }}{{ $number }}
{{- else if regexMatch "^[0-9]+m$" $text }}{{ mul $number 60 }}
{{- else if regexMatch "^[0-9]+h$" $text }}{{ mul $number 3600 }}
{{- else }}{{ fail (printf "config.shutdown-timeout is %q; here it is written as 500ms, 25s, 2m or 1h" $text) }}{{ end }}
{{- end }}

{{/* The program ends 5 s after shutdown-timeout at the latest; the rest is for a node that is busy. */}}
{{- define "offboarder.graceSeconds" -}}
{{- $least := add (include "offboarder.shutdownSeconds" . | trim | int) 35 | int }}
{{- $chosen := .Values.terminationGracePeriodSeconds | default 0 | int }}
{{- if and $chosen (lt $chosen $least) }}{{ fail (printf "terminationGracePeriodSeconds is %d; config.shutdown-timeout needs %d at least" $chosen $least) }}{{ end }}
{{- if $chosen }}{{ $chosen }}{{ else }}{{ $least }}{{ end }}
{{- end }}

{{- define "offboarder.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "offboarder.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "offboarder.name" .) }}
{{- end }}

{{- define "offboarder.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "offboarder.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* How the management port is asked. */}}
{{- define "offboarder.scheme" -}}
{{ if .Values.http.tlsSecret }}HTTPS{{ else }}HTTP{{ end }}
{{- end }}

{{- define "offboarder.webhooks.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}-webhooks
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "offboarder.webhooks.labels" -}}
{{ include "offboarder.webhooks.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* Where each pod may go: DNS and Kafka. */}}
{{- define "offboarder.egress.basics" -}}
- to:
    - namespaceSelector: {}
  ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
- to:
    {{- if .Values.networkPolicy.kafka.to }}
    {{- toYaml .Values.networkPolicy.kafka.to | nindent 4 }}
    {{- else }}
    - namespaceSelector: {}
    {{- end }}
  ports:
    {{- range .Values.networkPolicy.kafka.ports }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
{{- end }}
