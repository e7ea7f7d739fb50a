import type { Alert } from '@groundswell/wire';
import { type Message, messageOf, shownAlerts } from './message.ts';
import { breaksQuiet, isQuiet } from './quiet.ts';
import type { Rule } from './rule.ts';
import type { Shelf } from './shelf.ts';
import { countOf, recent, type Sent, withOneMore } from './throttle.ts';

/** Decides when what fired is told, and what is told together. Every alert is in one message: in full, or in its count. */
export interface Dispatch {
  /** Takes an alert with its words; `now` is wall time, ms. */
  announce(alert: Alert, now: number): readonly Message[];
  /** What the time brings: groups that have waited, quiet hours that are over, room for what was too much. */
  tick(now: number): readonly Message[];
}

/** Alerts that wait to be told together. */
interface Waiting {
  readonly alerts: readonly Alert[];
  /** Beyond those that are told in full. */
  readonly more: number;
  /** Wall time of the first, ms. */
  readonly since: number;
  readonly group?: string;
}

const add = (waiting: Waiting | undefined, alerts: readonly Alert[], given: Omit<Waiting, 'alerts'>): Waiting => {
  const all = [...(waiting?.alerts ?? []), ...alerts];
  const { since = given.since, more = 0 } = waiting ?? {};
  const kept = all.slice(0, shownAlerts);
  return { ...given, since, alerts: kept, more: more + given.more + all.length - kept.length };
};

export const createDispatch = (rules: readonly Rule[], shelf: Shelf): Dispatch => {
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  const groups = shelf.cells<Waiting>('group');
  /** By rule: what came in quiet hours, and what was more than an hour may have. */
  const held = shelf.cells<Waiting>('held');
  const sent = shelf.cells<Sent>('sent');

  const hold = (rule: Rule, { alerts, more, since }: Waiting): readonly Message[] => {
    held.set(rule.name, add(held.get(rule.name), alerts, { more, since }));
    return [];
  };
  const isBusy = (rule: Rule, now: number): boolean =>
    countOf(recent(sent.get(rule.name) ?? [], now)) >= rule.maxPerHour;
  const send = (rule: Rule, { alerts, more, group }: Waiting, now: number): readonly Message[] => {
    sent.set(rule.name, withOneMore(recent(sent.get(rule.name) ?? [], now), now));
    return [messageOf({ rule: rule.name, alerts, more, group, at: now })];
  };
  const isHushed = ({ quietHours }: Rule, alerts: readonly Alert[], now: number): boolean =>
    quietHours !== undefined &&
    isQuiet(quietHours, now) &&
    !alerts.some(({ severity }) => breaksQuiet(quietHours, severity));
  const pass = (rule: Rule, waiting: Waiting, now: number): readonly Message[] => {
    if (isHushed(rule, waiting.alerts, now) || isBusy(rule, now)) return hold(rule, waiting);
    const before = held.get(rule.name);
    // What is told anyway brings with it what had to wait.
    if (before === undefined) return send(rule, waiting, now);
    held.delete(rule.name);
    return send(rule, { ...add(before, waiting.alerts, waiting) }, now);
  };

  return {
    announce: (alert, now) => {
      const rule = byName.get(alert.rule);
      if (rule === undefined) return [];
      const { group } = alert;
      if (group === undefined) return pass(rule, { alerts: [alert], more: 0, since: now }, now);
      const id = `${rule.name}/${group}`;
      groups.set(id, add(groups.get(id), [alert], { more: 0, since: now, group }));
      return [];
    },
    tick: (now) => {
      const told: Message[] = [];
      for (const [id, waiting] of [...groups.entries()]) {
        const rule = byName.get(id.slice(0, id.indexOf('/')));
        if (rule !== undefined && now - waiting.since < rule.waitMs) continue;
        groups.delete(id);
        if (rule !== undefined) told.push(...pass(rule, waiting, now));
      }
      for (const [name, waiting] of [...held.entries()]) {
        const rule = byName.get(name);
        if (rule === undefined) held.delete(name);
        else if (!isHushed(rule, waiting.alerts, now) && !isBusy(rule, now)) {
          held.delete(name);
          told.push(...send(rule, waiting, now));
        }
      }
      return told;
    },
  };
};
