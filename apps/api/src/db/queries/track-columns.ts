import { sql } from 'kysely';

export const COLUMNS = sql`id, project_id as "projectId", name, position, color, gain_db as "gainDb", pan, muted, soloed`;
