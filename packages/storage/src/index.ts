/** Object storage behind one interface: files on one machine, Cloudflare R2 in production. */
export { attachment } from './content-disposition.ts';
export type { DownloadGrant } from './files/download-tokens.ts';
export { createFileStorage, type FileStorage, type FileTokens } from './files/file-storage.ts';
export { assetAudioKey, assetPeaksKey, exportFolder, exportKey } from './keys.ts';
export * from './object-storage.ts';
export { type OpenedStorage, openStorage } from './open-storage.ts';
