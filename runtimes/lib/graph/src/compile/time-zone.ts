/** Whether there is a time zone of that name, as in Europe/Berlin. */
export const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

export const noTimeZone = (verb: string, name: string): string =>
  `Cannot ${verb} by the time of "${name}": there is no such time zone, a name such as Europe/Berlin is needed`;
