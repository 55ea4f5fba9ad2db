import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

describe('createMetrics', () => {
  it('renders what was observed', async () => {
    const metrics = createMetrics();
    metrics.httpRequest({ method: 'GET', route: '/projects/:id', status: 200 }, 0.004);
    metrics.exportStage({ stage: 'render', format: 'wav' }, 12);
    metrics.renderSpeed(20);
    metrics.exportsRunning(2);
    metrics.exportCompleted('wav');
    metrics.exportFailed('plugin_failed', false);
    const { contentType, body } = await metrics.render();
    expect(contentType).toContain('text/plain');
    for (const line of [
      'mixdown_http_request_duration_seconds_bucket{le="0.005",method="GET",route="/projects/:id",status="200"} 1',
      'mixdown_export_stage_seconds_bucket{le="30",stage="render",format="wav"} 1',
      'mixdown_export_render_speed_ratio_sum 20',
      'mixdown_exports_running 2',
      'mixdown_exports_completed_total{format="wav"} 1',
      'mixdown_export_failures_total{code="plugin_failed",retryable="false"} 1',
    ]) {
      expect(body).toContain(line);
    }
  });

  it('counts what rooms do', async () => {
    const { realtime, render } = createMetrics();
    realtime.sockets(3);
    realtime.rooms(2);
    realtime.frameIn();
    realtime.frameOut(4);
    realtime.changesDelivered(40);
    realtime.persisted(0.004);
    realtime.nack('stale_fence');
    realtime.closed('too_slow');
    const { body } = await render();
    for (const line of [
      'mixdown_realtime_sockets 3',
      'mixdown_realtime_rooms 2',
      'mixdown_realtime_frames_total{direction="in"} 1',
      'mixdown_realtime_frames_total{direction="out"} 4',
      'mixdown_realtime_changes_delivered_total 40',
      'mixdown_realtime_persist_seconds_bucket{le="0.005"} 1',
      'mixdown_realtime_nacks_total{code="stale_fence"} 1',
      'mixdown_realtime_closes_total{reason="too_slow"} 1',
    ]) {
      expect(body).toContain(line);
    }
  });

  it('reads the depth of the queue at every scrape, and forgets statuses that are gone', async () => {
    const metrics = createMetrics();
    const answers = [{ queued: 3, rendering: 1 }, { queued: 2 }];
    metrics.watchExportQueue(
      async () => answers.shift() ?? Promise.reject(new Error('no database')),
    );
    const first = (await metrics.render()).body;
    expect(first).toContain('mixdown_exports{status="queued"} 3');
    expect(first).toContain('mixdown_exports{status="rendering"} 1');
    const second = (await metrics.render()).body;
    expect(second).toContain('mixdown_exports{status="queued"} 2');
    expect(second).not.toContain('status="rendering"');
    expect((await metrics.render()).body).not.toContain('mixdown_exports{');
  });

  it('keeps instances apart', async () => {
    createMetrics().exportCompleted('wav');
    expect((await createMetrics().render()).body).not.toContain('format="wav"');
  });

  it('adds figures of the process on request', async () => {
    const { body } = await createMetrics({ processMetrics: true }).render();
    expect(body).toContain('process_resident_memory_bytes');
  });
});
