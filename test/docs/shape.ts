/**
 * What of a sample is not in an answer: members by name, elements by their place, kinds of values, and the values themselves
 * where they are `exact`. What the answer has beyond the sample does not matter.
 */
export const missingIn = (sample: unknown, answer: unknown, exact: boolean, at = ''): readonly string[] => {
  if (Array.isArray(sample)) {
    if (!Array.isArray(answer)) return [`${at}: no list`];
    const missing = sample.flatMap((each, i) => missingIn(each, answer[i], exact, `${at}[${i}]`));
    return exact && answer.length !== sample.length ? [...missing, `${at}: ${answer.length} elements`] : missing;
  }
  if (typeof sample !== typeof answer || sample === null || answer === null)
    return sample === answer ? [] : [`${at}: ${JSON.stringify(answer)}`];
  if (typeof sample !== 'object') return exact && sample !== answer ? [`${at}: ${JSON.stringify(answer)}`] : [];
  return Object.entries(sample).flatMap(([key, value]) =>
    missingIn(value, (answer as Readonly<Record<string, unknown>>)[key], exact, `${at}.${key}`),
  );
};
