import type { WhatIf } from '@groundswell/wire';

/** What a form sets otherwise than it is. An empty field is a value that is missing. */
export const changesIn = (
  features: WhatIf['features'],
  form: Pick<FormData, 'get'>,
): Readonly<Record<string, number | null>> =>
  Object.fromEntries(
    features.flatMap(({ name, value }): [string, number | null][] => {
      const text = String(form.get(name) ?? '').trim();
      const wanted = text === '' ? null : Number(text);
      return wanted === value ? [] : [[name, wanted]];
    }),
  );
