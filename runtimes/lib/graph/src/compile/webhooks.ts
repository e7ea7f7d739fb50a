import type { ViralityPipeline } from '@groundswell/crds';
import type { Webhook } from '../programs/index.ts';
import type { PipelineReading } from './context.ts';
import { secretOf } from './sources/references.ts';

type Written = NonNullable<ViralityPipeline['spec']['api']>['webhooks'];

/** Who is told of what happens. */
export const compileWebhooks = (reading: PipelineReading, webhooks: Written): Webhook[] =>
  webhooks.map(({ url, events, signingKeyRef }, i) => {
    const path = ['api', 'webhooks', i];
    if (webhooks.findIndex((other) => other.url === url) < i)
      reading.refuse([...path, 'url'], `Cannot tell ${url} twice: it is there before, put all its events into one`);
    if (events.includes('alert') && reading.spec.alerts === undefined)
      reading.refuse(
        [...path, 'events'],
        'Cannot tell of alerts: the pipeline has none, add alerts with rules or leave "alert" out',
      );
    return { url, events: [...events].sort(), signingKey: secretOf(signingKeyRef) };
  });
