import { contentHash } from '@groundswell/graph';
import { type Alert, type Severity, severities } from '@groundswell/wire';

/** What goes to the channels of a rule at one time. Plain data. */
export interface Message {
  /** Equal for equal content: receivers can tell repeats by it. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  /** `ended` is for those who keep alerts, and nobody else. */
  readonly kind: 'alerts' | 'ended';
  /** Wall time, ms. */
  readonly at: number;
  readonly title: string;
  readonly text: string;
  /** In full, at most `shownAlerts`. */
  readonly alerts: readonly Alert[];
  /** Alerts beyond those, of which only the number is told. */
  readonly more: number;
  readonly group?: string;
}

/** Of what is told together, so many in full. */
export const shownAlerts = 50;

interface Gathered {
  readonly rule: string;
  readonly alerts: readonly Alert[];
  readonly more: number;
  readonly at: number;
  readonly group?: string | undefined;
}

const worstOf = (alerts: readonly Alert[]): Severity =>
  severities[Math.max(0, ...alerts.map(({ severity }) => severities.indexOf(severity)))] ?? 'Info';

const lineOf = ({ title, link }: Alert): string => `• ${title}${link === undefined ? '' : ` ${link}`}`;

/** One message of all that was gathered; one alert keeps its own words. */
export const messageOf = ({ rule, alerts, more, at, group }: Gathered): Message => {
  const [first] = alerts;
  const count = alerts.length + more;
  const shown = alerts.slice(0, shownAlerts);
  const untold = count - shown.length;
  const isOne = count === 1 && first !== undefined;
  const of = group === undefined || group === '' ? '' : ` (${group})`;
  const rest = untold > 0 ? [`and ${untold} more${shown.length > 0 ? '' : ' that are not shown'}`] : [];
  return {
    id: contentHash([rule, alerts.map(({ id }) => id), more]),
    ...{ rule, severity: worstOf(alerts), kind: 'alerts', at },
    title: isOne ? first.title : `${rule}: ${count} alerts${of}`,
    text: isOne ? first.text : [...shown.map(lineOf), ...rest].join('\n'),
    ...{ alerts: shown, more: untold },
    ...(group !== undefined && { group }),
  };
};

/** For receivers that show what fires now. */
export const endedMessage = (alert: Alert, at: number): Message => ({
  id: contentHash(['ended', alert.id]),
  ...{ rule: alert.rule, severity: alert.severity, kind: 'ended', at },
  ...{ title: alert.title, text: alert.text, alerts: [alert], more: 0 },
});
