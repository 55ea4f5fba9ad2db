/**
 * What keeps a room consistent, each with a switch for the simulation, which proves that without it something breaks.
 * All are on everywhere else; no configuration reaches them.
 */
export interface Protections {
  /** Room: a value set between two ticks goes out at the next one. */
  readonly trailingFlush: boolean;
  /** Authority: a write under an old fence writes nothing. */
  readonly authorityFence: boolean;
  /** Room and gateway: live frames under an old fence are dropped. */
  readonly receiverFence: boolean;
  /** Room: an operation that is not the next one makes it ask again. */
  readonly gapCheck: boolean;
  /** Room: frames without an acknowledgement are sent again after a reconnection. */
  readonly resend: boolean;
  /** Room: a lock change or a resync ends the live values of before. */
  readonly overlayDrop: boolean;
  /** Room: a heartbeat shows what was lost at the end of the log, and lock changes. */
  readonly heartbeatRepair: boolean;
  /** Authority: the same operation id is done once. */
  readonly opIdempotency: boolean;
  /** Gateway: the values of the one before are stored before somebody else gets the lock. */
  readonly persistBeforeTakeover: boolean;
  /** Room: what others or the log say does not move a value that is newer under this hand. */
  readonly mineLayer: boolean;
}

export const ALL_PROTECTIONS: Protections = {
  trailingFlush: true,
  authorityFence: true,
  receiverFence: true,
  gapCheck: true,
  resend: true,
  overlayDrop: true,
  heartbeatRepair: true,
  opIdempotency: true,
  persistBeforeTakeover: true,
  mineLayer: true,
};
