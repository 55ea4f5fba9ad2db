import type { ExportStatus } from '@mixdown/contract';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface MetricsOptions {
  /** Adds memory, event loop and garbage collection of the process. */
  readonly processMetrics?: boolean;
}

/** The event loop's delay is looked at so often: at the library's 10 ms the looking is a tenth of a small room's cost. */
const LOOP_DELAY_MS = 100;

export type ExportStage = 'render' | 'measure' | 'encode' | 'upload';
export type ExportCounts = Partial<Record<ExportStatus, number>>;

/** Prometheus metrics under names and labels that dashboards rely on. Labels have few values: no ids, no paths. */
export function createMetrics({ processMetrics = false }: MetricsOptions = {}) {
  const registry = new Registry();
  if (processMetrics)
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_DELAY_MS });
  const registers = [registry];
  const http = new Histogram({
    name: 'mixdown_http_request_duration_seconds',
    help: 'Time to answer an HTTP request, by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const stage = new Histogram({
    name: 'mixdown_export_stage_seconds',
    help: 'Time an export spent in a stage',
    labelNames: ['stage', 'format'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600],
    registers,
  });
  const speed = new Histogram({
    name: 'mixdown_export_render_speed_ratio',
    help: 'Seconds of audio rendered per second',
    buckets: [0.5, 1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  });
  const running = new Gauge({
    name: 'mixdown_exports_running',
    help: 'Exports that this process is working on',
    registers,
  });
  const completed = new Counter({
    name: 'mixdown_exports_completed_total',
    help: 'Exports completed by this process',
    labelNames: ['format'],
    registers,
  });
  const failures = new Counter({
    name: 'mixdown_export_failures_total',
    help: 'Attempts at an export that failed, by error code',
    labelNames: ['code', 'retryable'],
    registers,
  });

  /** Counted thousands of times a second, so the library hears of it only when it is asked. */
  const counted = { in: 0, out: 0, changes: 0 };
  const realtime = {
    sockets: new Gauge({
      name: 'mixdown_realtime_sockets',
      help: 'Open sockets of this process',
      registers,
    }),
    rooms: new Gauge({
      name: 'mixdown_realtime_rooms',
      help: 'Projects that this process has open for sockets',
      registers,
    }),
    frames: new Counter({
      name: 'mixdown_realtime_frames_total',
      help: 'Parameter frames in, and batches of them out',
      labelNames: ['direction'],
      registers,
      collect() {
        this.inc({ direction: 'in' }, counted.in);
        this.inc({ direction: 'out' }, counted.out);
        counted.in = 0;
        counted.out = 0;
      },
    }),
    changes: new Counter({
      name: 'mixdown_realtime_changes_delivered_total',
      help: 'Parameter values sent, once per receiver',
      registers,
      collect() {
        this.inc(counted.changes);
        counted.changes = 0;
      },
    }),
    persist: new Histogram({
      name: 'mixdown_realtime_persist_seconds',
      help: 'Time from the first attempt until parameter values were in the log',
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    nacks: new Counter({
      name: 'mixdown_realtime_nacks_total',
      help: 'Parameter frames refused, by reason',
      labelNames: ['code'],
      registers,
    }),
    closes: new Counter({
      name: 'mixdown_realtime_closes_total',
      help: 'Sockets closed by this process, by reason',
      labelNames: ['reason'],
      registers,
    }),
  };

  return {
    registry,
    /** What the gateway of the rooms counts. */
    realtime: {
      sockets: (count: number) => realtime.sockets.set(count),
      rooms: (count: number) => realtime.rooms.set(count),
      frameIn: () => {
        counted.in += 1;
      },
      frameOut: (count: number) => {
        counted.out += count;
      },
      changesDelivered: (count: number) => {
        counted.changes += count;
      },
      persisted: (seconds: number) => realtime.persist.observe(seconds),
      nack: (code: string) => realtime.nacks.inc({ code }),
      closed: (reason: string) => realtime.closes.inc({ reason }),
    },
    httpRequest(labels: { method: string; route: string; status: number }, seconds: number) {
      http.observe({ ...labels, status: String(labels.status) }, seconds);
    },
    exportStage(labels: { stage: ExportStage; format: string }, seconds: number) {
      stage.observe(labels, seconds);
    },
    renderSpeed: (ratio: number) => speed.observe(ratio),
    exportsRunning: (count: number) => running.set(count),
    exportCompleted: (format: string) => completed.inc({ format }),
    exportFailed(code: string, retryable: boolean) {
      failures.inc({ code, retryable: String(retryable) });
    },
    /** Registers the depth of the queue; `read` runs at every scrape, so the numbers are those of the moment. */
    watchExportQueue(read: () => Promise<ExportCounts>) {
      const depth: Gauge<'status'> = new Gauge({
        name: 'mixdown_exports',
        help: 'Exports by status',
        labelNames: ['status'],
        registers,
        async collect() {
          // A scrape must not fail with the database: the gauge is then absent.
          const counts = await read().catch(() => ({}));
          depth.reset();
          for (const [status, count] of Object.entries(counts)) depth.set({ status }, count);
        },
      });
    },
    /** The page for Prometheus, with its content type. */
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
