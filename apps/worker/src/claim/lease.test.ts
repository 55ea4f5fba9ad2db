import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isOutage, Lease, StoppedError } from './lease.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const fine = { ok: true, cancelRequested: false };
const outage = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));

function setUp() {
  const heartbeat = vi.fn(async () => fine);
  const progress = { stage: 'rendering', fraction: 0.5, etaSeconds: 1 } as const;
  const lease = new Lease({
    leaseMs: 10_000,
    heartbeatMs: 1000,
    heartbeat,
    progress: () => progress,
    now: () => performance.now(),
  });
  return { lease, heartbeat, progress };
}
const reasonOf = (lease: Lease) => (lease.signal.reason as StoppedError | undefined)?.reason;

describe('a lease', () => {
  it('is renewed every interval with the progress, until it ends', async () => {
    const { lease, heartbeat, progress } = setUp();
    await vi.advanceTimersByTimeAsync(3500);
    expect(heartbeat.mock.calls).toEqual(Array(4).fill([progress]));
    lease.end();
    await vi.advanceTimersByTimeAsync(5000);
    expect(heartbeat).toHaveBeenCalledTimes(4);
    expect(lease.signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stops for a wish to cancel, and for being somebody else’s', async () => {
    const canceled = setUp();
    canceled.heartbeat.mockResolvedValueOnce({ ok: true, cancelRequested: true });
    const lost = setUp();
    lost.heartbeat.mockResolvedValueOnce({ ok: false, cancelRequested: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(reasonOf(canceled.lease)).toBe('canceled');
    expect(reasonOf(lost.lease)).toBe('lease_lost');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('survives an outage that is shorter than itself, and no longer one', async () => {
    const { lease, heartbeat } = setUp();
    await vi.advanceTimersByTimeAsync(0);
    heartbeat.mockImplementation(outage);
    await vi.advanceTimersByTimeAsync(8000);
    expect(lease.signal.aborted).toBe(false);
    heartbeat.mockResolvedValueOnce(fine);
    await vi.advanceTimersByTimeAsync(1000);
    heartbeat.mockImplementation(outage);
    await vi.advanceTimersByTimeAsync(8000);
    expect(lease.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(2000);
    expect(reasonOf(lease)).toBe('lease_lost');
  });

  it('beats at once when asked, also while another heartbeat is on its way', async () => {
    const { lease, heartbeat } = setUp();
    await vi.advanceTimersByTimeAsync(100);
    lease.beat();
    await vi.advanceTimersByTimeAsync(0);
    expect(heartbeat).toHaveBeenCalledTimes(2);
    const slow = Promise.withResolvers<typeof fine>();
    heartbeat.mockReturnValueOnce(slow.promise);
    lease.beat();
    await vi.advanceTimersByTimeAsync(0);
    lease.beat();
    lease.beat();
    slow.resolve(fine);
    await vi.advanceTimersByTimeAsync(0);
    expect(heartbeat).toHaveBeenCalledTimes(4);
    lease.end();
  });
});

describe('a write under a lease', () => {
  it('is repeated through an outage', async () => {
    const { lease } = setUp();
    const write = vi.fn(async () => true);
    write.mockImplementationOnce(outage).mockImplementationOnce(outage);
    const written = lease.write(write);
    await vi.advanceTimersByTimeAsync(1000);
    await written;
    expect(write).toHaveBeenCalledTimes(3);
    lease.end();
  });

  it('ends with the lease', async () => {
    const { lease, heartbeat } = setUp();
    heartbeat.mockImplementation(outage);
    const written = lease.write(outage).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(await written).toMatchObject({ reason: 'lease_lost' });
  });

  it('stops when it finds the lease lost', async () => {
    const { lease } = setUp();
    await expect(lease.write(async () => false)).rejects.toBeInstanceOf(StoppedError);
    expect(reasonOf(lease)).toBe('lease_lost');
  });

  it('passes a refusal of the database on', async () => {
    const { lease } = setUp();
    const refused = Object.assign(new Error('violates check'), { code: '23514' });
    await expect(lease.write(() => Promise.reject(refused))).rejects.toBe(refused);
    lease.end();
  });
});

describe('isOutage', () => {
  it.each(['ECONNRESET', '57P01', '08006', '53300'])('%s is one', (code) => {
    expect(isOutage(Object.assign(new Error('x'), { code }))).toBe(true);
  });
  it.each(['23505', '42P01', '40001'])('%s is none', (code) => {
    expect(isOutage(Object.assign(new Error('x'), { code }))).toBe(false);
  });
  it('knows the words of pg', () => {
    expect(isOutage(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isOutage('text')).toBe(false);
  });
});
