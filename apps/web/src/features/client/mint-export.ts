import { refuse } from '@mixdown/contract';
import type { Client } from '../../session/api/client.ts';

/** An address of the file that is good for some minutes; rejects with the refusal where there is none for us. */
export async function mintExport(
  client: Pick<Client, 'export'>,
  id: string,
): Promise<{ url: string; expiresAt: number; fileName: string }> {
  const { view } = await client.export(id);
  const result = view?.result;
  if (!view || !result) {
    if (view?.status === 'completed')
      throw refuse('forbidden', 'This file is held back while it is being reviewed.');
    throw refuse('export_expired', 'The file is not there any more.');
  }
  const { downloadUrl: url, urlExpiresAt, fileName } = result;
  return { url, expiresAt: Date.parse(urlExpiresAt), fileName };
}
