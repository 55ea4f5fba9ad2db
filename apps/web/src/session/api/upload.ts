import { NetworkError, refusalOf } from './http.ts';

interface UploadOptions {
  readonly token: string | null;
  onProgress(fraction: number): void;
  readonly signal: AbortSignal;
}

/**
 * Posts one file as multipart form data and returns the JSON answer. `fetch` tells nothing about the bytes sent, so
 * this goes by XMLHttpRequest.
 */
export function uploadWithProgress(url: string, file: File, o: UploadOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    const done = () => o.signal.removeEventListener('abort', abort);
    o.signal.addEventListener('abort', abort);
    xhr.open('POST', url);
    xhr.setRequestHeader('accept', 'application/json');
    if (o.token) xhr.setRequestHeader('authorization', `Bearer ${o.token}`);
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable) o.onProgress(event.loaded / event.total);
    };
    xhr.onload = () => {
      done();
      let body: unknown;
      try {
        body = JSON.parse(xhr.responseText);
      } catch {
        body = undefined;
      }
      if (xhr.status < 400) return resolve(body);
      const headers = new Headers();
      const retryAfter = xhr.getResponseHeader('retry-after');
      if (retryAfter) headers.set('retry-after', retryAfter);
      reject(refusalOf(xhr.status, headers, body));
    };
    xhr.onerror = () => {
      done();
      reject(new NetworkError('The upload was cut off'));
    };
    xhr.onabort = () => {
      done();
      reject(new DOMException('The upload was canceled', 'AbortError'));
    };
    const form = new FormData();
    form.append('file', file, file.name);
    xhr.send(form);
  });
}
