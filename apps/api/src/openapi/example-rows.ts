/** One project, as the examples of answers show it. */
const id = (n: number) => `0197a3c0-5b7e-7c3a-9d41-2f6f0c8e1b${n}`;
export const [OWNER, PROJECT, TRACK, PLUGIN, CLIP, ASSET, EXPORT, CLIENT, ADMIN] = [
  50, 51, 52, 53, 54, 55, 56, 57, 58,
].map(id) as [string, string, string, string, string, string, string, string, string];
export const [CREATED, LATER, EXPIRES] = [
  '2026-02-03T10:15:00.000Z',
  '2026-02-03T10:15:42.000Z',
  '2026-02-10T10:15:42.000Z',
];
export const SHA256 = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';

export const project = {
  id: PROJECT,
  name: 'Night drive',
  ownerId: OWNER,
  seq: 12,
  epoch: 1,
  tempo: 98,
  sampleRate: 48_000,
  isDemo: false,
  createdAt: CREATED,
  updatedAt: LATER,
};
export const track = {
  id: TRACK,
  projectId: PROJECT,
  name: 'Lead vocal',
  position: 0,
  color: 'rose',
  gainDb: -3.5,
  pan: 0.2,
  muted: false,
  soloed: false,
};
export const clip = {
  id: CLIP,
  projectId: PROJECT,
  trackId: TRACK,
  assetId: ASSET,
  startFrame: 96_000,
  offsetFrames: 0,
  lengthFrames: 480_000,
  gainDb: 0,
};
export const asset = {
  id: ASSET,
  projectId: PROJECT,
  name: 'vocal take 3',
  channels: 1,
  sampleRate: 48_000,
  frames: 480_000,
  sourceFormat: 'wav',
  sourceSampleRate: 44_100,
  bytes: 1_920_000,
  sha256: SHA256,
  createdAt: CREATED,
};
export const plugin = {
  id: PLUGIN,
  projectId: PROJECT,
  trackId: TRACK,
  position: 0,
  catalogId: 'mixdown.delay',
  version: '1.0.0',
  integrity: SHA256,
  params: { feedback: 35 },
  state: null,
  bypassed: false,
  mix: 0.3,
  fence: 2,
  createdAt: CREATED,
  updatedAt: LATER,
};
export const owner = { userId: OWNER, email: 'pro@example.org', role: 'owner' };
export const member = { userId: CLIENT, email: 'singer@example.org', role: 'client' };
export const trackAnswer = { track, seq: 12 };
export const clipAnswer = { clip, seq: 12 };
export const pluginAnswer = { plugin, seq: 12, chains: [{ trackId: TRACK, pluginIds: [PLUGIN] }] };
export const options = {
  format: 'flac',
  sampleRate: 48_000,
  bitDepth: 24,
  bitrateKbps: 320,
  range: { kind: 'all' },
  tail: 'auto',
  normalize: { lufs: -14, ceilingDbtp: -1 },
  dither: true,
  scope: 'master',
  missingPlugins: 'omit',
};
export const exported = {
  id: EXPORT,
  projectId: PROJECT,
  projectName: 'Night drive',
  status: 'completed',
  progress: { stage: 'completed', fraction: 1, etaSeconds: 0 },
  attempt: 1,
  createdAt: CREATED,
  startedAt: CREATED,
  completedAt: LATER,
  expiresAt: EXPIRES,
  snapshotSeq: 12,
  editedSince: false,
  options,
  result: {
    downloadUrl: '/files/eyJrZXkiOiJleHBvcnRzL…',
    urlExpiresAt: LATER,
    fileName: 'Night drive.flac',
    bytes: 2_817_344,
    sha256: SHA256,
    durationSeconds: 12.4,
    integratedLufs: -14,
    truePeakDbtp: -1.3,
    plugins: [{ catalogId: 'mixdown.delay', name: 'Delay', version: '1.0.0', count: 1 }],
    omitted: [],
    reused: false,
  },
  error: null,
};
export const share = {
  userId: CLIENT,
  email: member.email,
  sharedBy: { userId: OWNER, email: owner.email },
  createdAt: LATER,
};
export const peaks = { framesPerPeak: 320, peaks: 'gX+Bf4F/' };
export const review = { id: EXPORT, status: 'completed', reviewedBy: ADMIN, quarantined: true };
