import { TopPosts } from '@groundswell/wire';
import { ask } from '../remote/ask.ts';
import { paintFor } from '../terminal/paint.ts';
import { type Form, print, widthOf } from '../terminal/print.ts';
import { renderTop } from '../terminal/top.ts';

export interface TopOptions {
  readonly url: string;
  readonly limit: number;
  readonly model?: string;
  readonly output: Form;
}

export const queryOf = ({ limit, model }: Pick<TopOptions, 'limit' | 'model'>): string =>
  String(new URLSearchParams({ limit: String(limit), ...(model !== undefined && { model }) }));

/** The posts that are most likely to go viral, once. */
export const top = async (options: TopOptions): Promise<void> => {
  const found = await ask(options.url, `/v1/top?${queryOf(options)}`, TopPosts);
  const { stdout } = process;
  print(options.output, found, () => renderTop(found, widthOf(stdout), paintFor(stdout)));
};
