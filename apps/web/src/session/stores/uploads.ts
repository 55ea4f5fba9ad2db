import { create } from 'zustand';

export interface Upload {
  readonly id: string;
  readonly fileName: string;
  /** 0…1 of the bytes sent; at 1 the server is decoding. */
  readonly fraction: number;
  cancel(): void;
}

export const useUploads = create<{ uploads: readonly Upload[] }>()(() => ({ uploads: [] }));

export const addUpload = (upload: Upload): void =>
  useUploads.setState(({ uploads }) => ({ uploads: [...uploads, upload] }));

export const patchUpload = (id: string, patch: Partial<Upload>): void =>
  useUploads.setState(({ uploads }) => ({
    uploads: uploads.map((upload) => (upload.id === id ? { ...upload, ...patch } : upload)),
  }));

export const removeUpload = (id: string): void =>
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((u) => u.id !== id) }));
