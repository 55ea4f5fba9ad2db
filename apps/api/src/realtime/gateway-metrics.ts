/** What a gateway counts. Labels have few values: no ids. */
export interface RealtimeMetrics {
  sockets(count: number): void;
  rooms(count: number): void;
  frameIn(): void;
  frameOut(count: number): void;
  /** Values that reached receivers: changes × receivers. */
  changesDelivered(count: number): void;
  persisted(seconds: number): void;
  nack(code: string): void;
  closed(reason: string): void;
}

const nothing = () => {};
export const NO_METRICS: RealtimeMetrics = {
  sockets: nothing,
  rooms: nothing,
  frameIn: nothing,
  frameOut: nothing,
  changesDelivered: nothing,
  persisted: nothing,
  nack: nothing,
  closed: nothing,
};
