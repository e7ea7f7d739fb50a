/** Resources of a small pipeline over a file of cascades; tests state what differs. */

export interface PipelineText {
  readonly file?: string;
  readonly format?: 'Csv' | 'JsonLines';
  readonly compression?: string;
  readonly postId?: string;
  readonly onBadRow?: 'Stop' | 'DeadLetter';
}

export const pipelineYaml = ({
  file = 'events.csv',
  format = 'Csv',
  compression = 'None',
  postId = 'row.cascade',
  onBadRow = 'Stop',
}: PipelineText = {}): string => `
apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: small }
spec:
  sources:
    - name: file
      replay:
        speed: Max
        onBadRow: ${onBadRow}
        files:
          - path: ${file}
            format: ${format}
            compression: ${compression}
            timeUnit: Seconds
            mapping:
              id: row.cascade + '/' + row.user
              type: "first ? 'post' : 'repost'"
              post_id: ${postId}
              user_id: row.user
              author_id: root.user
              at: row.second
  outcomes:
    - name: viral
      count: { where: "event.type == 'repost'", atLeast: 2 }
      within: 1h
`;

export const windowYaml = ({ where = "event.type == 'repost'", extra = '', name = 'reposts' } = {}): string => `
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: ${name} }
spec:
  pipelineRef: { name: small }
  input:
    topic: events
    where: ${JSON.stringify(where)}
  key: [post_id]
  window:
    tumble: { size: 1m }
  aggregations:
    - { name: count, count: {} }
${extra}`;

export const modelYaml = ({
  uri = './model.onnx',
  sha256 = '0'.repeat(64),
  windowRef = 'reposts',
  features = '',
} = {}): string => `
apiVersion: groundswell.dev/v1alpha1
kind: ScoringModel
metadata: { name: small }
spec:
  pipelineRef: { name: small }
  entity: { where: "event.type == 'post'" }
  score: { at: [0s, 1m] }
  features:
    - { name: reposts, window: { ref: { name: ${windowRef} }, field: count }, default: 0 }
${features}
  variants:
    - { name: champion, share: 100, artifact: { uri: ${uri}, sha256: "${sha256}" } }
  outcomeRef: { name: viral }
`;

export const eventsCsv = 'cascade,user,second\nc1,ann,60\nc1,bob,90\nc2,cid,100\nc1,dan,130\n';

/** A pipeline over generated posts, with an API; `generator` is what differs, as YAML in one line. */
export const generatedYaml = (generator: string): string => `
apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: small }
spec:
  sources:
    - name: generated
      generator: { seed: 3, ${generator} }
  outcomes:
    - name: viral
      count: { where: "event.type == 'repost'", atLeast: 20 }
      within: 6h
  api: {}
`;
