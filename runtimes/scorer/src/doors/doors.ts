import type { ServingSpec } from '@groundswell/graph';
import type { Logger, Metrics } from '@groundswell/process';
import { createDoorMetrics } from './door-metrics.ts';
import { openGrpcDoor } from './grpc-door.ts';
import { type Door, type DoorOptions, openHttpDoor } from './http-door.ts';
import { createInference } from './inference.ts';
import { createRepository, type Repository, type ServedModel } from './repository.ts';

export type DoorName = ServingSpec['doors'][number];

export interface DoorsOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly ports: Readonly<Record<DoorName, number>>;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * The request doors of a process. Models of all its programs stand behind the same two; each opens with the first model that
 * wants it, so that a process without models listens to nothing.
 */
export interface Doors {
  /**
   * Serves a model at some doors. Resolves to what takes it away again.
   * @throws Error where a door cannot be opened, or serves another model of the name
   */
  offer(model: ServedModel, at: readonly DoorName[]): Promise<() => void>;
  /** Ports of the doors that are open. */
  ports(): Partial<Record<DoorName, number>>;
  /** Answers what is under way; takes nothing new. */
  close(): Promise<void>;
}

const open: Readonly<Record<DoorName, (options: DoorOptions) => Promise<Door>>> = {
  grpc: openGrpcDoor,
  http: openHttpDoor,
};

/** Of the product, as metadata has it. */
const version = '0.1.0';

interface Entrance {
  readonly repository: Repository;
  readonly door: Promise<Door>;
}

export const createDoors = ({ host, ports, metrics, logger }: DoorsOptions): Doors => {
  const entrances = new Map<DoorName, Entrance>();
  const taken: Partial<Record<DoorName, number>> = {};
  const doorMetrics = createDoorMetrics(metrics);

  const entranceOf = (name: DoorName): Entrance => {
    const known = entrances.get(name);
    if (known !== undefined) return known;
    const repository = createRepository();
    const inference = createInference(repository, version);
    const entrance = {
      repository,
      door: open[name]({ host, port: ports[name], inference, metrics: doorMetrics, logger }),
    };
    entrances.set(name, entrance);
    return entrance;
  };
  const enter = async (name: DoorName): Promise<Repository> => {
    const { repository, door } = entranceOf(name);
    try {
      const { port } = await door;
      if (taken[name] === undefined) logger.info({ door: name, port }, 'opened a door for requests');
      taken[name] = port;
      return repository;
    } catch (error) {
      // The next model may find the port free.
      entrances.delete(name);
      throw error;
    }
  };

  return {
    offer: async (model, at) => {
      const repositories: Repository[] = [];
      for (const name of at) repositories.push(await enter(name));
      const withdrawals = repositories.map((repository) => repository.add(model));
      return () => {
        for (const withdraw of withdrawals) withdraw();
      };
    },
    ports: () => taken,
    close: async () => {
      await Promise.all([...entrances.values()].map(async ({ door }) => (await door).close()));
      entrances.clear();
    },
  };
};
