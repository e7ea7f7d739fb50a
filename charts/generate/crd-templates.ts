/** A CRD as it stands in crds/yaml. */
export interface CrdFile {
  readonly name: string;
  readonly text: string;
}

const annotations = `  annotations:
    {{- if .Values.crds.keep }}
    helm.sh/resource-policy: keep
    {{- end }}
    groundswell.dev/chart: {{ include "groundswell.chart" . }}
`;

/** Text in which Helm finds nothing to fill in. */
const literal = (text: string): string => text.replaceAll('{{', '{{ "{{" }}');

/**
 * The CRD as a template of the chart. It is one of the templates and not in the chart's `crds` folder, whose files Helm installs
 * once and never upgrades.
 */
export const crdTemplate = ({ name, text }: CrdFile): string => {
  const [head = '', ...body] = text.split('\n');
  const content = literal(body.join('\n'));
  const marked = content.replace(
    /^metadata:\n( {2}name: .*\n)/m,
    (_, line: string) => `metadata:\n${line}${annotations}`,
  );
  if (marked === content)
    throw new Error(`Cannot write the template of ${name}: its metadata does not begin with a name`);
  return `${head}\n{{- if .Values.crds.install }}\n${marked}{{- end }}\n`;
};
