import { refuse } from '@mixdown/contract';
import type { Tx } from '../../db/in-transaction.ts';
import type { AssetRow } from '../../db/queries/asset-columns.ts';
import { findMakersAsset } from '../../db/queries/find-makers-asset.ts';
import { requireIdentity } from '../../http/authenticate.ts';
import type { Context, Parts } from '../../http/define-route.ts';

/** The asset, for the makers of its project; clients hear exports, not the recordings behind them. */
export async function findAsset(
  context: Pick<Context<Parts>, 'request'> & {
    readonly tx: Tx;
    readonly params: { readonly assetId: string };
  },
): Promise<AssetRow> {
  const { userId } = requireIdentity(context.request);
  const asset = await findMakersAsset(context.tx, { ...context.params, userId });
  if (!asset) throw refuse('not_found', 'There is no such audio in a project that you make.');
  return asset;
}
