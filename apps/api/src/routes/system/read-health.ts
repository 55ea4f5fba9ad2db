import { z } from 'zod';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/healthz',
  operationId: 'readHealth',
  summary: 'Whether the process lives',
  tag: 'System',
  access: 'anyone',
  response: { 200: z.object({ status: z.literal('ok') }) },
  handleLong: async () => ({ status: 'ok' }),
});
