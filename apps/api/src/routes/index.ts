import type { Route } from '../http/define-route.ts';
import adminListAudit from './admin/list-audit.ts';
import adminListExports from './admin/list-exports.ts';
import revealExport from './admin/reveal-export.ts';
import {
  claimExport,
  quarantineExport,
  releaseExport,
  revokeExport,
} from './admin/review-export.ts';
import { reinstateUser, suspendUser } from './admin/suspend-user.ts';
import readAssetContent from './assets/read-asset-content.ts';
import readAssetPeaks from './assets/read-asset-peaks.ts';
import uploadAsset from './assets/upload-asset.ts';
import addClip from './clips/add-clip.ts';
import removeClip from './clips/remove-clip.ts';
import updateClip from './clips/update-clip.ts';
import cancelExport from './exports/cancel-export.ts';
import downloadExport from './exports/download-export.ts';
import listExports from './exports/list-exports.ts';
import listMyExports from './exports/list-my-exports.ts';
import readExport from './exports/read-export.ts';
import readExportPeaks from './exports/read-export-peaks.ts';
import requestExport from './exports/request-export.ts';
import retryExport from './exports/retry-export.ts';
import streamExport from './exports/stream-export.ts';
import inviteMember from './members/invite-member.ts';
import listMembers from './members/list-members.ts';
import putMember from './members/put-member.ts';
import removeMember from './members/remove-member.ts';
import addPlugin from './plugins/add-plugin.ts';
import movePlugin from './plugins/move-plugin.ts';
import removePlugin from './plugins/remove-plugin.ts';
import searchCatalog from './plugins/search-catalog.ts';
import updatePlugin from './plugins/update-plugin.ts';
import createProject from './projects/create-project.ts';
import deleteProject from './projects/delete-project.ts';
import listProjects from './projects/list-projects.ts';
import readProject from './projects/read-project.ts';
import updateProject from './projects/update-project.ts';
import listShares from './shares/list-shares.ts';
import shareExport from './shares/share-export.ts';
import unshareClients from './shares/unshare-clients.ts';
import unshareExport from './shares/unshare-export.ts';
import readConfig from './system/read-config.ts';
import readHealth from './system/read-health.ts';
import readMetrics from './system/read-metrics.ts';
import readReadiness from './system/read-readiness.ts';
import addTrack from './tracks/add-track.ts';
import removeTrack from './tracks/remove-track.ts';
import updateTrack from './tracks/update-track.ts';

/** Routes below /api/v1/daw. */
export const DAW_ROUTES: readonly Route[] = [
  listProjects,
  createProject,
  readProject,
  updateProject,
  deleteProject,
  listMembers,
  inviteMember,
  putMember,
  removeMember,
  addTrack,
  updateTrack,
  removeTrack,
  addClip,
  updateClip,
  removeClip,
  uploadAsset,
  readAssetContent,
  readAssetPeaks,
  searchCatalog,
  addPlugin,
  updatePlugin,
  movePlugin,
  removePlugin,
  requestExport,
  listExports,
  listMyExports,
  readExport,
  streamExport,
  cancelExport,
  retryExport,
  downloadExport,
  readExportPeaks,
  shareExport,
  listShares,
  unshareExport,
  unshareClients,
  adminListExports,
  claimExport,
  quarantineExport,
  releaseExport,
  revokeExport,
  revealExport,
  suspendUser,
  reinstateUser,
  adminListAudit,
];

/** Routes at addresses of their own. */
export const SYSTEM_ROUTES: readonly Route[] = [readConfig, readHealth, readReadiness, readMetrics];
