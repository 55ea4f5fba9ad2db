import { Id } from '@mixdown/contract';
import { z } from 'zod';

/** How often an account may ask whose an e-mail address is: enough for people, too little to try out a list. */
export const LOOKUPS_PER_MINUTE = 120;

/** The response of a route that answers 204. */
export const NoContent = z.undefined().describe('Done');

/** The response of a route that knows `If-None-Match`. */
export const NotModified = z.undefined().describe('Nothing has changed since `If-None-Match`');

export const ProjectParams = z.object({ projectId: Id });
export const TrackParams = ProjectParams.extend({ trackId: Id });
export const ClipParams = ProjectParams.extend({ clipId: Id });
export const PluginParams = ProjectParams.extend({ pluginId: Id });
export const MemberParams = ProjectParams.extend({ userId: Id });
export const AssetParams = z.object({ assetId: Id });
export const ExportParams = z.object({ exportId: Id });
export const ShareParams = ExportParams.extend({ userId: Id });
export const UserParams = z.object({ userId: Id });
