import { compilePredicate } from '@groundswell/cel';
import type { ScorerProgram } from '@groundswell/graph';
import type { RowValue } from '@groundswell/stores';
import { endOfTime, type Outcome, type SocialEvent, type Trigger } from '@groundswell/wire';
import { createCalendar } from './calendar.ts';
import type { Bins } from './calibration.ts';
import { createEarlyEvents } from './early-events.ts';
import { createOutcomeRule, type Tally } from './outcomes.ts';

/** A post whose last age, change or outcome is not over. */
export interface LivePost extends Tally {
  readonly event: SocialEvent;
  /** In the order of appearing. */
  readonly seq: number;
  /** Which of the milestones is next, and when. */
  stage: number;
  due: number;
  /** Event time of the last score that an event caused. */
  changedAt: number;
  reposts: number;
  /** Of its scores, until its label is known. */
  bins: Bins | undefined;
  isDeleted: boolean;
  /** What the store has of it for people to see; whoever publishes knows in what order. */
  shown: readonly RowValue[] | undefined;
}

/** Something to do, in this order. */
export type Effect =
  | ScoreEffect
  | { readonly kind: 'outcome'; readonly post: LivePost; readonly outcome: Outcome }
  /** Its figure never came, so there is no label. */
  | { readonly kind: 'unlabelled' }
  /** Too old for the top. */
  | { readonly kind: 'expire'; readonly postId: string }
  /** The source has ended, and with it what is counted of the post. */
  | { readonly kind: 'end'; readonly post: LivePost }
  | { readonly kind: 'delete'; readonly postId: string };

export interface ScoreEffect {
  readonly kind: 'score';
  readonly post: LivePost;
  readonly trigger: Trigger;
  /** The moment that the features stand for, event time in ms. */
  readonly at: number;
  /** Wall time, ms, of the event that caused it; undefined where time itself did. */
  readonly ingestedAt: number | undefined;
  /** What its record carried, where it is traced. */
  readonly traceparent?: string | undefined;
}

/** Decides when posts are scored and labelled. Knows event time only; does no IO. */
export interface Schedule {
  /** @param traceparent  what its record carried, where it is traced */
  take(event: SocialEvent, traceparent?: string): void;
  /** Event time has come so far: what is due is done. Costs nothing when nothing is. */
  advance(watermark: number): void;
  /** Event time at which the next post reaches an age that matters. */
  due(): number | undefined;
  /** Whether this event would be scored, or would make a post that is, if it came now. */
  stopsAt(event: SocialEvent): boolean;
  /** What there is to do since the last call. */
  drain(): readonly Effect[];
  post(postId: string): LivePost | undefined;
  readonly size: number;
  setThrottle(throttleMs: number | undefined): void;
  snapshot(): ScheduleSnapshot;
}

export interface ScheduleSnapshot {
  /** In the order of appearing. `due` is when the next milestone is, which says where a post stands even if the ages change. */
  readonly posts: readonly Pick<LivePost, 'event' | 'due' | 'changedAt' | 'reposts' | 'count' | 'figure' | 'bins'>[];
  readonly early: readonly SocialEvent[];
}

export type ScheduleProgram = Pick<ScorerProgram, 'entityWhere' | 'atMs' | 'onChange' | 'outcome' | 'top'>;

/** What happens at an age of a post. */
interface Milestone {
  readonly after: number;
  readonly does: 'score' | 'label' | 'expire' | 'nothing';
}

/** In the order of age; of equal ages, in this order. */
const milestonesOf = ({ atMs, onChange, outcome, top }: ScheduleProgram): readonly Milestone[] => {
  const milestones: Milestone[] = [
    ...atMs.filter((age) => age > 0).map((after) => ({ after, does: 'score' as const })),
    ...(outcome === undefined ? [] : [{ after: outcome.rule.maturityMs, does: 'label' as const }]),
    ...(onChange === undefined ? [] : [{ after: onChange.untilMs, does: 'nothing' as const }]),
    { after: top.maxAgeMs, does: 'expire' },
  ];
  return milestones.sort((a, b) => a.after - b.after);
};

/** What people do with a post. */
const isEngagement = ({ type }: SocialEvent): boolean =>
  type !== 'post' && type !== 'outcome' && type !== 'delete' && type !== 'follow';

/** A score that an event caused. */
const causedBy = ({ at, ingested_at: ingestedAt }: SocialEvent, traceparent: string | undefined) => ({
  kind: 'score' as const,
  ...{ at, ingestedAt, traceparent },
});

const never = Number.MIN_SAFE_INTEGER;

/** @throws CelError */
export const createSchedule = (
  program: ScheduleProgram,
  from: ScheduleSnapshot = { posts: [], early: [] },
): Schedule => {
  const milestones = milestonesOf(program);
  const scoresAtOnce = program.atMs[0] === 0;
  const isEntity = compilePredicate(program.entityWhere, { variables: ['event'] });
  const scope: { event: SocialEvent | undefined } = { event: undefined };
  const rule = program.outcome && createOutcomeRule(program.outcome);
  const untilMs = program.onChange?.untilMs ?? -1;
  let throttleMs = program.onChange?.throttleMs ?? 0;

  const posts = new Map<string, LivePost>();
  const calendar = createCalendar<LivePost>();
  const early = createEarlyEvents(from.early);
  let seq = 0;
  let watermark = Number.NEGATIVE_INFINITY;
  let effects: Effect[] = [];

  const schedule = (post: LivePost): void => {
    const milestone = milestones[post.stage];
    if (milestone === undefined) {
      posts.delete(post.event.post_id);
      return;
    }
    post.due = post.event.at + milestone.after;
    calendar.add(post);
  };
  const insert = (fresh: ScheduleSnapshot['posts'][number]): LivePost => {
    const passed = milestones.findIndex(({ after }) => fresh.event.at + after >= fresh.due);
    const stage = passed === -1 ? milestones.length : passed;
    const post: LivePost = {
      ...fresh,
      figure: fresh.figure,
      bins: fresh.bins,
      seq: seq++,
      stage,
      isDeleted: false,
      shown: undefined,
    };
    posts.set(post.event.post_id, post);
    schedule(post);
    return post;
  };

  const appear = (event: SocialEvent, traceparent: string | undefined): void => {
    const overtaken = early.take(event.post_id);
    if (overtaken.some(({ type }) => type === 'delete')) return;
    const changedAt = scoresAtOnce ? event.at : never;
    const post = insert({ event, due: event.at, changedAt, reposts: 0, count: 0, figure: undefined, bins: undefined });
    rule?.note(post, event, event);
    if (scoresAtOnce) effects.push({ ...causedBy(event, traceparent), post, trigger: 'appeared' });
    for (const each of overtaken) act(post, each);
  };

  const isChange = (post: LivePost, { at }: SocialEvent): boolean => {
    const age = at - post.event.at;
    return age >= 0 && age <= untilMs && at - post.changedAt >= throttleMs;
  };
  const act = (post: LivePost, event: SocialEvent, traceparent?: string): void => {
    rule?.note(post, post.event, event);
    if (!isEngagement(event)) return;
    if (event.type === 'repost' || event.type === 'quote') post.reposts++;
    if (!isChange(post, event)) return;
    post.changedAt = event.at;
    effects.push({ ...causedBy(event, traceparent), post, trigger: 'change' });
  };

  const remove = (event: SocialEvent): void => {
    const post = posts.get(event.post_id);
    if (post !== undefined) {
      post.isDeleted = true;
      posts.delete(event.post_id);
    } else if (event.at > watermark) early.hold(event);
    effects.push({ kind: 'delete', postId: event.post_id });
  };

  const reach = (post: LivePost): void => {
    const { event, due } = post;
    switch (milestones[post.stage]?.does) {
      case 'score':
        effects.push({ kind: 'score', post, trigger: 'age', at: due, ingestedAt: undefined });
        break;
      case 'label': {
        const outcome = rule?.outcomeOf(post, event);
        effects.push(outcome === undefined ? { kind: 'unlabelled' } : { kind: 'outcome', post, outcome });
        break;
      }
      case 'expire':
        // When the source has ended, time stands still: the last top stays.
        effects.push(watermark < endOfTime ? { kind: 'expire', postId: event.post_id } : { kind: 'end', post });
        break;
      case 'nothing':
      case undefined:
    }
    post.stage++;
    schedule(post);
  };

  for (const post of from.posts) insert(post);
  return {
    take: (event, traceparent) => {
      const post = posts.get(event.post_id);
      if (event.type === 'delete') return remove(event);
      if (post !== undefined) return act(post, event, traceparent);
      scope.event = event;
      if (isEntity(scope)) appear(event, traceparent);
      else if (event.at > watermark && event.post_id !== '') early.hold(event);
    },
    advance: (to) => {
      if (to > watermark) {
        watermark = to;
        early.expire(to);
      }
      for (let post = calendar.take(watermark); post !== undefined; post = calendar.take(watermark))
        if (!post.isDeleted) reach(post);
    },
    due: calendar.next,
    stopsAt: (event) => {
      const post = posts.get(event.post_id);
      if (post !== undefined) return isEngagement(event) && isChange(post, event);
      scope.event = event;
      return isEntity(scope);
    },
    drain: () => {
      const drained = effects;
      effects = [];
      return drained;
    },
    post: (postId) => posts.get(postId),
    get size() {
      return posts.size;
    },
    setThrottle: (next) => {
      throttleMs = next ?? 0;
    },
    snapshot: () => ({
      posts: [...posts.values()].map(({ event, due, changedAt, reposts, count, figure, bins }) => {
        return { event, due, changedAt, reposts, count, figure, bins };
      }),
      early: early.snapshot(),
    }),
  };
};
