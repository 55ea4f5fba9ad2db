import { sql } from 'kysely';

/** A row of daw_projects, as `p`, in the contract's words. */
export const PROJECT_COLUMNS = sql`p.id, p.name, p.owner_id as "ownerId", p.seq, p.epoch, p.tempo,
  p.sample_rate as "sampleRate", p.is_demo as "isDemo", private.iso(p.created_at) as "createdAt",
  private.iso(p.updated_at) as "updatedAt"`;
