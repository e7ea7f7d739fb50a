import { readdirSync, readFileSync } from 'node:fs';

/** Of the clock that /proc counts in; the same on every Linux of today. */
const ticksPerSecond = 100;

interface Usage {
  readonly parent: number;
  readonly ticks: number;
}

const usageOf = (pid: string): Usage | undefined => {
  try {
    // The name before may hold blanks and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
};

/** CPU seconds that a process and those it started have used; NaN where there is no /proc. */
export const cpuSecondsOf = (pid: number): number => {
  let pids: readonly string[];
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return Number.NaN;
  }
  const usages = new Map(pids.map((each) => [Number(each), usageOf(each)]));
  const family = new Set([pid]);
  // Children have no certain order: look until nobody is new.
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const [each, usage] of usages) if (usage !== undefined && family.has(usage.parent)) family.add(each);
  }
  let ticks = 0;
  for (const each of family) ticks += usages.get(each)?.ticks ?? 0;
  return ticks / ticksPerSecond;
};
