import { Id } from '@mixdown/contract';
import { z } from 'zod';

/** The response of a route that answers 204. */
export const NoContent = z.undefined().describe('Done');

export const ProjectParams = z.object({ projectId: Id });
export const TrackParams = ProjectParams.extend({ trackId: Id });
export const ClipParams = ProjectParams.extend({ clipId: Id });
export const PluginParams = ProjectParams.extend({ pluginId: Id });
export const MemberParams = ProjectParams.extend({ userId: Id });
export const AssetParams = z.object({ assetId: Id });
export const ExportParams = z.object({ exportId: Id });
