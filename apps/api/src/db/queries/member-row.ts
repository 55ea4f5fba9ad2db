import type { Member } from '@mixdown/contract';
import type { z } from 'zod';

export type MemberRow = z.output<typeof Member>;
