import type { RequestBody } from './requests-of.ts';

export interface HttpRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** The endpoint that does the same as an operation over the socket. */
export function httpRequestOf(projectId: string, request: RequestBody): HttpRequest {
  const base = `/projects/${projectId}`;
  switch (request.kind) {
    case 'project.update':
      return { method: 'PATCH', path: base, body: request.payload };
    case 'track.add':
      return { method: 'POST', path: `${base}/tracks`, body: request.payload };
    case 'track.update': {
      const { trackId, ...body } = request.payload;
      return { method: 'PATCH', path: `${base}/tracks/${trackId}`, body };
    }
    case 'track.remove':
      return { method: 'DELETE', path: `${base}/tracks/${request.payload.trackId}` };
    case 'clip.add':
      return { method: 'POST', path: `${base}/clips`, body: request.payload };
    case 'clip.update': {
      const { clipId, ...body } = request.payload;
      return { method: 'PATCH', path: `${base}/clips/${clipId}`, body };
    }
    case 'clip.remove':
      return { method: 'DELETE', path: `${base}/clips/${request.payload.clipId}` };
    case 'plugin.add':
      return { method: 'POST', path: `${base}/plugins`, body: request.payload };
    case 'plugin.update': {
      const { pluginId, ...body } = request.payload;
      return { method: 'PUT', path: `${base}/plugins/${pluginId}`, body };
    }
    case 'plugin.move': {
      const { pluginId, ...body } = request.payload;
      return { method: 'PATCH', path: `${base}/plugins/${pluginId}/position`, body };
    }
    case 'plugin.remove':
      return { method: 'DELETE', path: `${base}/plugins/${request.payload.pluginId}` };
  }
}
