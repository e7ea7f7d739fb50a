/** What a feed ranks accounts by; tests write its hashes and its topic themselves. */
export const authorWindow = `---
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: author-72h }
spec:
  pipelineRef: { name: small }
  key: [author_id]
  window: { hop: { size: 72h, every: 5m } }
  aggregations:
    - { name: clicks, count: {}, where: event.type == 'click' }
    - { name: likes, count: {}, where: event.type == 'like' }
  sinks:
    - redis: { hash: { key: "author-72h:{author_id}" } }
    - topic: {}
`;
