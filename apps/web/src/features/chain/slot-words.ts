import { describeFailure } from '@mixdown/wam-host/describe-failure';
import type { SlotStatus } from '../../session/index.ts';

export interface SlotWords {
  /** The badge in the header. */
  readonly badge: string;
  readonly tone: 'neutral' | 'info' | 'warning' | 'error';
  readonly title: string;
  readonly detail: string;
}

const BADGES: Readonly<Record<SlotStatus['state'], Pick<SlotWords, 'badge' | 'tone'>>> = {
  loading: { badge: 'Loading', tone: 'info' },
  active: { badge: 'Active', tone: 'neutral' },
  bypassed: { badge: 'Off', tone: 'neutral' },
  missing: { badge: 'Missing', tone: 'warning' },
  failed: { badge: 'Failed', tone: 'error' },
  crashed: { badge: 'Stopped', tone: 'error' },
  blocked: { badge: 'Blocked', tone: 'warning' },
};

/** What stands on the card when the engine gives no failure to explain. */
const PLAIN: Readonly<
  Record<SlotStatus['state'], (name: string) => Pick<SlotWords, 'title' | 'detail'>>
> = {
  loading: (name) => ({ title: `Loading ${name} …`, detail: '' }),
  active: (name) => ({ title: `${name} is on`, detail: '' }),
  bypassed: (name) => ({ title: `${name} is bypassed`, detail: '' }),
  missing: (name) => ({
    title: `${name} is not installed here`,
    detail:
      'This server’s collection has no such plugin. The slot passes the sound through unchanged.',
  }),
  failed: (name) => ({
    title: `${name} could not be loaded`,
    detail: 'The slot passes the sound through unchanged.',
  }),
  crashed: (name) => ({
    title: `${name} has stopped`,
    detail: 'The slot passes the sound through unchanged.',
  }),
  blocked: (name) => ({
    title: `${name} was blocked`,
    detail: 'The slot passes the sound through unchanged.',
  }),
};

/** A slot's state in plain words: the engine's own where it has any. */
export function slotWords(status: SlotStatus, name: string): SlotWords {
  const explained = status.failure
    ? describeFailure(status.failure, { name })
    : PLAIN[status.state](name);
  return {
    ...BADGES[status.state],
    title: status.title ?? explained.title,
    detail: status.detail ?? explained.detail,
  };
}

/** Whether a card stands in the plugin's place. */
export const isBroken = ({ state }: Pick<SlotStatus, 'state'>): boolean =>
  state === 'missing' || state === 'failed' || state === 'crashed' || state === 'blocked';
