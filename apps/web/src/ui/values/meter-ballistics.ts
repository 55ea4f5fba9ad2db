/** Level at which a meter's bar is empty, in dBFS; full is +3 dB over full scale, so that overs have room. */
const FLOOR_DB = -57;
const TOP_DB = 3;
/** Fall of the bar in dB per second. */
const FALL_DB_PER_S = 26;
const HOLD_MS = 1300;
const HOLD_FALL_DB_PER_S = 18;
/** An over stays lit this long, so that an eye that was elsewhere still meets it. */
const OVER_MS = 3000;

const toDb = (linear: number): number =>
  linear > 0 ? 20 * Math.log10(linear) : Number.NEGATIVE_INFINITY;

/** Share of a meter's length, 0…1, for a level in dBFS. */
export const meterFraction = (db: number): number =>
  Math.min(1, Math.max(0, (db - FLOOR_DB) / (TOP_DB - FLOOR_DB)));

export interface MeterState {
  readonly levelDb: number;
  readonly holdDb: number;
  readonly heldAt: number;
  readonly at: number;
  /** When the last sample at or above full scale was heard. */
  readonly overAt: number;
}

export const SILENT: MeterState = {
  levelDb: FLOOR_DB,
  holdDb: FLOOR_DB,
  heldAt: 0,
  at: 0,
  overAt: Number.NEGATIVE_INFINITY,
};

/** One channel's meter at time `now` (ms), after a peak (linear) since the last call: up at once, down at leisure. */
export function stepMeter(state: MeterState, peak: number, now: number): MeterState {
  const seconds = Math.max(0, now - state.at) / 1000;
  const db = toDb(peak);
  const levelDb = Math.max(FLOOR_DB, db, state.levelDb - FALL_DB_PER_S * seconds);
  const holds = now - state.heldAt < HOLD_MS;
  const fallen = holds
    ? state.holdDb
    : Math.max(FLOOR_DB, state.holdDb - HOLD_FALL_DB_PER_S * seconds);
  const rises = db >= fallen;
  return {
    levelDb,
    holdDb: rises ? db : fallen,
    heldAt: rises ? now : state.heldAt,
    at: now,
    overAt: peak >= 1 ? now : state.overAt,
  };
}

export const isOver = (state: MeterState): boolean => state.at - state.overAt < OVER_MS;

/** Whether another frame would look the same without any new sound. */
export const isAtRest = (state: MeterState): boolean =>
  state.levelDb <= FLOOR_DB && state.holdDb <= FLOOR_DB && !isOver(state);
