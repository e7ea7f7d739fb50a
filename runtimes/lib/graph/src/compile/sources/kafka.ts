import type { ViralityPipeline } from '@groundswell/crds';
import type { Path } from '../../problem.ts';
import type { KafkaReader } from '../../programs/index.ts';
import type { PipelineReading } from '../context.ts';
import { mappingOf, timeUnits } from './mapping.ts';
import { configOf, secretOf } from './references.ts';

type Kafka = NonNullable<ViralityPipeline['spec']['sources'][number]['kafka']>;

const mechanisms = { Plain: 'plain', ScramSha256: 'scram-sha-256', ScramSha512: 'scram-sha-512' } as const;
const beginnings = { Earliest: 'earliest', Latest: 'latest' } as const;

export interface KafkaOptions {
  readonly path: Path;
  /** Where the resource names none. */
  readonly group: string;
}

export const kafkaOf = (reading: PipelineReading, kafka: Kafka, { path, group }: KafkaOptions): KafkaReader => {
  const { brokers, sasl, tls } = kafka;
  const what = JSON.stringify(kafka.topic);
  if (brokers.length === 0 && reading.target === 'local')
    reading.refuse(path, `Cannot read topic ${what} here: on a laptop the pipeline has no Kafka, name the brokers`);
  for (const [name, given] of Object.entries({ sasl, tls }))
    if (brokers.length === 0 && given !== undefined)
      reading.refuse([...path, name], `Cannot use "${name}": without brokers, the connection of the pipeline is used`);
  return {
    kind: 'kafka',
    brokers: [...brokers],
    topic: kafka.topic,
    group: kafka.group ?? group,
    startFrom: beginnings[kafka.startFrom],
    mapping: mappingOf(reading, kafka.mapping, { path: [...path, 'mapping'], hasHistory: false }),
    timeUnit: timeUnits[kafka.timeUnit],
    ...(sasl && {
      sasl: {
        mechanism: mechanisms[sasl.mechanism],
        username: secretOf(sasl.usernameRef),
        password: secretOf(sasl.passwordRef),
      },
    }),
    ...(tls && { tls: tlsOf(tls) }),
  };
};

const tlsOf = (tls: NonNullable<Kafka['tls']>): KafkaReader['tls'] => {
  const { caRef, caConfigMapRef, certRef, keyRef, serverName, verify } = tls;
  const ca = caRef === undefined ? caConfigMapRef && configOf(caConfigMapRef) : secretOf(caRef);
  return {
    ...(ca && { ca }),
    ...(certRef && { certificate: secretOf(certRef) }),
    ...(keyRef && { key: secretOf(keyRef) }),
    ...(serverName !== undefined && { serverName }),
    ...(verify === 'None' && { verify: false as const }),
  };
};
