import type { FeatureValues } from '@groundswell/wire';

interface StoredValues {
  /** As the hash sink writes them: texts, and `@<window>` with the end of the window that they are of. */
  readonly fields: Readonly<Record<string, string>>;
  readonly watermark: number | undefined;
  /** Those of this window. */
  readonly names: readonly string[];
}

/** Numbers and lists, where the text is one; else the text. */
const readValue = (text: string | undefined): FeatureValues['values'][string] => {
  if (text === undefined) return null;
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  if (!text.startsWith('[')) return text;
  try {
    return JSON.parse(text) as unknown[];
  } catch {
    return text;
  }
};

/** What a window holds of a key; undefined where that is nothing. */
export const featureValuesOf = (
  window: string,
  key: FeatureValues['key'],
  { fields, watermark, names }: StoredValues,
): FeatureValues | undefined => {
  const end = Number(fields[`@${window}`]);
  if (Number.isNaN(end)) return undefined;
  return {
    window,
    key,
    values: Object.fromEntries(names.map((name) => [name, readValue(fields[name])])),
    end,
    watermark: watermark ?? null,
  };
};
