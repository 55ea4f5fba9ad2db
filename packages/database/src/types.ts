/** Made from the migrations by generate-types.ts: do not edit. */
import type {
  Asset,
  ExportOptions,
  ExportPeaks,
  ExportStatus,
  ExportView,
  ParamValues,
  Project,
  ProjectRole,
  ProjectSnapshot,
  Track,
} from '@mixdown/contract';
import type { ColumnType, GeneratedAlways } from 'kysely';

type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U>
    ? ColumnType<S, I | undefined, U>
    : ColumnType<T, T | undefined, T>;
type Timestamp = ColumnType<Date, Date | string, Date | string>;

export interface AdminAuditTable {
  id: GeneratedAlways<number>;
  at: Generated<Timestamp>;
  admin_id: string;
  action: string;
  reason: string;
  export_id: string | null;
  project_id: string | null;
  user_id: string | null;
  details: Generated<Record<string, unknown>>;
}

export interface AssetsTable {
  id: Generated<string>;
  project_id: string;
  name: string;
  channels: number;
  sample_rate: number;
  frames: number;
  source_format: Asset['sourceFormat'];
  source_sample_rate: number;
  bytes: number;
  sha256: string;
  storage_key: Generated<string>;
  peaks_key: Generated<string>;
  created_at: Generated<Timestamp>;
}

export interface ClipsTable {
  id: Generated<string>;
  project_id: string;
  track_id: string;
  asset_id: string;
  start_frame: number;
  offset_frames: Generated<number>;
  length_frames: number;
  gain_db: Generated<number>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface ExportEventsTable {
  id: GeneratedAlways<number>;
  export_id: string;
  project_id: string;
  from_status: ExportStatus | null;
  to_status: ExportStatus;
  at: Generated<Timestamp>;
  attempt: number;
  reason: string | null;
  actor: string;
}

export interface ExportSharesTable {
  id: Generated<string>;
  export_id: string;
  project_id: string;
  user_id: string | null;
  shared_by: Generated<string | null>;
  created_at: Generated<Timestamp>;
}

export interface ExportSuspensionsTable {
  user_id: string;
  reason: string;
  suspended_by: string;
  created_at: Generated<Timestamp>;
}

export interface ExportsTable {
  id: Generated<string>;
  project_id: string;
  project_name: string;
  requested_by: string;
  idempotency_key: string | null;
  fingerprint: string;
  snapshot: ProjectSnapshot;
  snapshot_seq: number;
  options: ExportOptions;
  plan: Generated<Record<string, unknown>>;
  status: Generated<ExportStatus>;
  priority: Generated<number>;
  progress: Generated<ExportView['progress']>;
  attempt: Generated<number>;
  max_attempts: Generated<number>;
  available_at: Generated<Timestamp>;
  worker: string | null;
  lease_token: Generated<number>;
  lease_expires_at: Timestamp | null;
  cancel_requested: Generated<boolean>;
  object_key: string | null;
  result: Record<string, unknown> | null;
  error: NonNullable<ExportView['error']> | null;
  reviewed_by: string | null;
  quarantined_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  started_at: Timestamp | null;
  completed_at: Timestamp | null;
  expires_at: Timestamp | null;
  updated_at: Generated<Timestamp>;
  peaks: ExportPeaks | null;
  content_key: string | null;
}

export interface OperationsTable {
  project_id: string;
  seq: number;
  op_id: string;
  kind: string;
  payload: Record<string, unknown>;
  actor: string | null;
  created_at: Generated<Timestamp>;
}

export interface PluginLocksTable {
  plugin_id: string;
  project_id: string;
  session_id: string;
  user_id: string;
  fence: number;
  acquired_at: Generated<Timestamp>;
  expires_at: Timestamp;
  last_n: Generated<number>;
  last_seq: number | null;
}

export interface PluginsTable {
  id: Generated<string>;
  project_id: string;
  track_id: string;
  position: number;
  catalog_id: string;
  version: string;
  integrity: string;
  params: Generated<ParamValues>;
  state: string | null;
  bypassed: Generated<boolean>;
  mix: Generated<number>;
  fence: Generated<number>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface ProjectMembersTable {
  project_id: string;
  user_id: string;
  role: ProjectRole;
  created_at: Generated<Timestamp>;
}

export interface ProjectsTable {
  id: Generated<string>;
  owner_id: Generated<string>;
  name: string;
  seq: Generated<number>;
  epoch: Generated<number>;
  tempo: Generated<number>;
  sample_rate: Generated<Project['sampleRate']>;
  is_demo: Generated<boolean>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface TracksTable {
  id: Generated<string>;
  project_id: string;
  name: string;
  position: number;
  color: Generated<Track['color']>;
  gain_db: Generated<number>;
  pan: Generated<number>;
  muted: Generated<boolean>;
  soloed: Generated<boolean>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface AuthUsersTable {
  id: Generated<string>;
  email: string | null;
  is_anonymous: Generated<boolean>;
  raw_app_meta_data: Generated<Record<string, unknown>>;
  raw_user_meta_data: Generated<Record<string, unknown>>;
  created_at: Generated<Timestamp>;
  last_sign_in_at: Timestamp | null;
}

export interface MixdownAuthCredentialsTable {
  user_id: string;
  password_hash: string;
  updated_at: Generated<Timestamp>;
}

export interface MixdownAuthRefreshTokensTable {
  token_hash: string;
  user_id: string;
  session_id: string;
  parent_hash: string | null;
  revoked_at: Timestamp | null;
  used_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  expires_at: Timestamp;
}

export interface Database {
  daw_admin_audit: AdminAuditTable;
  daw_assets: AssetsTable;
  daw_clips: ClipsTable;
  daw_export_events: ExportEventsTable;
  daw_export_shares: ExportSharesTable;
  daw_export_suspensions: ExportSuspensionsTable;
  daw_exports: ExportsTable;
  daw_operations: OperationsTable;
  daw_plugin_locks: PluginLocksTable;
  daw_plugins: PluginsTable;
  daw_project_members: ProjectMembersTable;
  daw_projects: ProjectsTable;
  daw_tracks: TracksTable;
  'auth.users': AuthUsersTable;
  'mixdown_auth.credentials': MixdownAuthCredentialsTable;
  'mixdown_auth.refresh_tokens': MixdownAuthRefreshTokensTable;
}
