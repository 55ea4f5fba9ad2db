import { z } from 'zod';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/metrics',
  operationId: 'readMetrics',
  summary: 'Figures for Prometheus',
  description: 'Counts and durations, without ids or names. Keep it from the public at the proxy.',
  tag: 'System',
  access: 'anyone',
  response: {
    200: {
      description: 'Prometheus text format',
      content: { 'text/plain': { schema: z.string() } },
    },
  },
  async handleLong({ services, reply }) {
    const { contentType, body } = await services.metrics.render();
    return reply
      .type(contentType)
      .header('cache-control', 'no-store')
      .serializer((text: unknown) => String(text))
      .send(body);
  },
});
