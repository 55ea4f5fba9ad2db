import type { ObjectStorage } from '@mixdown/storage';

/** Deletes every object whose key begins with `prefix`, and what uploads that nobody ends any more have left there. */
export async function deleteBelow(
  storage: Pick<ObjectStorage, 'abandonUploads' | 'list' | 'delete'>,
  prefix: string,
): Promise<void> {
  // Uploads first: one that completes meanwhile is listed then.
  await storage.abandonUploads(prefix);
  for await (const { key } of storage.list(prefix)) await storage.delete(key);
}
