import { S3Client } from '@aws-sdk/client-s3';
import type { R2Config } from './r2-config.ts';

export interface R2Timeouts {
  readonly connectMs: number;
  /** From sending a request to the head of its answer; an upload's part must fit in it. */
  readonly requestMs: number;
  /** Silence on an open connection. */
  readonly idleMs: number;
  /** Tries per request, the first one included. */
  readonly attempts: number;
}

/** A 5 MiB part in 120 s is 45 kB/s, far below any line that a server has. */
export const DEFAULT_TIMEOUTS: R2Timeouts = {
  connectMs: 5_000,
  requestMs: 120_000,
  idleMs: 30_000,
  attempts: 4,
};

export function createR2Client(config: R2Config, timeouts: R2Timeouts): S3Client {
  return new S3Client({
    region: 'auto',
    endpoint: config.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: config.accessKeyId, secretAccessKey: config.secretAccessKey },
    // R2 answers 501 to several of the checksum headers that the SDK adds on its own.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: timeouts.attempts,
    requestHandler: {
      connectionTimeout: timeouts.connectMs,
      requestTimeout: timeouts.requestMs,
      // Without this the handler only logs that the time has passed, and waits on.
      throwOnRequestTimeout: true,
      socketTimeout: timeouts.idleMs,
    },
  });
}
