import { ProblemError } from '@groundswell/http';
import { FeatureValues, Heatmap } from '@groundswell/wire';
import { z } from 'zod';
import { textOf } from '../contract/parameters.ts';
import { type Route, route } from '../contract/route.ts';
import type { RouteParts } from './parts.ts';

const windowName = () => textOf(253).describe('A FeatureWindow.');

export const windowRoutes = (parts: RouteParts): readonly Route[] => {
  const { program, readings, guarded } = parts;
  const values = async (name: string, key: readonly string[]): Promise<FeatureValues> => {
    const { windows } = program();
    const view = windows.find((window) => window.name === name);
    if (view === undefined) {
      const names = windows.map((window) => `"${window.name}"`).join(', ') || 'a window with a redis.hash sink';
      throw new ProblemError(404, `Cannot read the window "${name}": it is not found by key, ${names} is needed`);
    }
    if (view.key.length !== key.length) {
      const needed =
        view.key.length === 0 ? 'no key is' : `${view.key.join(',')} ${view.key.length > 1 ? 'are' : 'is'}`;
      throw new ProblemError(
        400,
        `Cannot read the window "${name}": the key has ${key.length} parts, ${needed} needed`,
      );
    }
    const found = await guarded(() => readings.features(view, key));
    if (found !== undefined) return found;
    throw new ProblemError(404, `Cannot read the window "${name}": it has nothing for this key, or it expired`);
  };
  return [
    route({
      ...{ method: 'get', path: '/v1/heatmap', id: 'readHeatmap', tag: 'Windows', cached: true },
      summary: 'Engagement over time',
      answer: { status: 200, what: 'Slices of time, oldest first.', schema: Heatmap },
      problems: { 404: 'The pipeline declares none.' },
      handle: () => {
        const { heatmap } = program();
        if (heatmap !== undefined) return guarded(() => readings.heatmap(heatmap));
        throw new ProblemError(
          404,
          'Cannot show a heatmap: the pipeline declares none, spec.ui.heatmap.windowRef is needed',
        );
      },
    }),
    route({
      ...{
        method: 'get',
        path: '/v1/features/{window}',
        id: 'readFeatures',
        tag: 'Windows',
        cached: true,
      },
      summary: 'The newest values of a window without a key',
      params: z.strictObject({ window: windowName() }),
      answer: { status: 200, what: 'As features get them.', schema: FeatureValues },
      problems: { 404: 'There is no such window, or it has nothing.' },
      handle: ({ params }) => values(params.window, []),
    }),
    route({
      ...{ method: 'get', path: '/v1/features/{window}/{key}', id: 'readFeaturesOfKey', tag: 'Windows' },
      ...{ cached: true },
      summary: 'The newest values of one key of a window',
      params: z.strictObject({
        window: windowName(),
        key: textOf(2048).describe(
          'The parts of the key in their order, with commas between them; a comma in one is `%2C`, escaped once more.',
        ),
      }),
      answer: { status: 200, what: 'As features get them.', schema: FeatureValues },
      problems: { 404: 'There is no such window, or it has nothing for the key.' },
      handle: ({ params }) => values(params.window, params.key.split(',').map(unescaped)),
    }),
  ];
};

/** What is no escape stays as it is. */
const unescaped = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
