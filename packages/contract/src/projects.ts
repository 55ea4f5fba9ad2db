import { z } from 'zod';
import { Asset } from './assets.ts';
import { Id, Name, Position, Timestamp } from './ids.ts';
import { PluginSlot } from './plugins.ts';

export const SAMPLE_RATES = [44_100, 48_000] as const;
export const ACCOUNT_ROLES = ['pro', 'client', 'admin', 'guest'] as const;
export const AccountRole = z.enum(ACCOUNT_ROLES);
export type AccountRole = z.infer<typeof AccountRole>;
export const ProjectRole = z.enum(['owner', 'editor', 'client']);
export type ProjectRole = z.infer<typeof ProjectRole>;

export const MAX_TRACKS = 64;
/** Colours are names of design tokens, so that they follow the theme. */
export const TRACK_COLORS = [
  'rose',
  'amber',
  'lime',
  'teal',
  'sky',
  'violet',
  'pink',
  'slate',
] as const;

export const Track = z.object({
  id: Id,
  projectId: Id,
  name: z.string(),
  position: z.int().min(0),
  color: z.enum(TRACK_COLORS),
  /** −60 is silence (the fader's bottom), +12 the top. */
  gainDb: z.number().min(-60).max(12),
  /** −1 left … 1 right, equal power. */
  pan: z.number().min(-1).max(1),
  muted: z.boolean(),
  soloed: z.boolean(),
});
export type Track = z.infer<typeof Track>;

/** A piece of an asset on a track's timeline; all in frames at the project's rate. */
export const Clip = z.object({
  id: Id,
  projectId: Id,
  trackId: Id,
  assetId: Id,
  startFrame: z.int().min(0),
  offsetFrames: z.int().min(0),
  lengthFrames: z.int().min(1),
  gainDb: z.number().min(-60).max(12),
});
export type Clip = z.infer<typeof Clip>;

export const Project = z.object({
  id: Id,
  name: z.string(),
  ownerId: Id,
  seq: z.int(),
  epoch: z.int(),
  tempo: z.number().min(20).max(400),
  sampleRate: z.literal(SAMPLE_RATES),
  isDemo: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Project = z.infer<typeof Project>;

/** The whole of a project as of `project.seq`. Tracks by position; plugins by (trackId, position). */
export const ProjectSnapshot = z.object({
  project: Project,
  role: ProjectRole,
  tracks: z.array(Track),
  clips: z.array(Clip),
  assets: z.array(Asset),
  plugins: z.array(PluginSlot),
});
export type ProjectSnapshot = z.infer<typeof ProjectSnapshot>;

export const ProjectList = z.object({
  projects: z.array(Project.extend({ role: ProjectRole, trackCount: z.int() })),
});
export const CreateProject = z.strictObject({
  name: Name,
  tempo: z.number().min(20).max(400).optional(),
  sampleRate: z.literal(SAMPLE_RATES).optional(),
  /** `demo` copies the demo project. */
  from: z.enum(['empty', 'demo']).optional(),
});
export const UpdateProject = z.strictObject({
  name: Name.optional(),
  tempo: z.number().min(20).max(400).optional(),
});

export const CreateTrack = z.strictObject({
  id: Id.optional(),
  name: Name.optional(),
  color: z.enum(TRACK_COLORS).optional(),
  position: Position.optional(),
});
export const UpdateTrack = z.strictObject({
  name: Name.optional(),
  color: z.enum(TRACK_COLORS).optional(),
  position: Position.optional(),
  gainDb: Track.shape.gainDb.optional(),
  pan: Track.shape.pan.optional(),
  muted: z.boolean().optional(),
  soloed: z.boolean().optional(),
});
export type UpdateTrack = z.infer<typeof UpdateTrack>;
export const TrackResponse = z.object({ track: Track, seq: z.int() });

export const CreateClip = z.strictObject({
  id: Id.optional(),
  trackId: Id,
  assetId: Id,
  startFrame: Clip.shape.startFrame,
  offsetFrames: Clip.shape.offsetFrames.optional(),
  lengthFrames: Clip.shape.lengthFrames.optional(),
  gainDb: Clip.shape.gainDb.optional(),
});
export const UpdateClip = z.strictObject({
  trackId: Id.optional(),
  startFrame: Clip.shape.startFrame.optional(),
  offsetFrames: Clip.shape.offsetFrames.optional(),
  lengthFrames: Clip.shape.lengthFrames.optional(),
  gainDb: Clip.shape.gainDb.optional(),
});
export const ClipResponse = z.object({ clip: Clip, seq: z.int() });

export const Member = z.object({ userId: Id, email: z.string(), role: ProjectRole });
export const MemberList = z.object({ members: z.array(Member) });
export const PutMember = z.strictObject({ role: z.enum(['editor', 'client']) });
export const InviteMember = z.strictObject({
  email: z.email(),
  role: z.enum(['editor', 'client']),
});
