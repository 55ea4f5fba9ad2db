import {
  Flame,
  Gauge,
  type LucideIcon,
  Repeat,
  SlidersHorizontal,
  SlidersVertical,
  Sparkles,
  Waves,
  Wrench,
} from 'lucide-react';
import type { Category } from './sections.ts';

interface Look {
  readonly label: string;
  readonly icon: LucideIcon;
}

export const CATEGORY_LOOK: Readonly<Record<Category, Look>> = {
  dynamics: { label: 'Dynamics', icon: Gauge },
  eq: { label: 'EQ', icon: SlidersVertical },
  filter: { label: 'Filter', icon: SlidersHorizontal },
  delay: { label: 'Delay', icon: Repeat },
  reverb: { label: 'Reverb', icon: Sparkles },
  modulation: { label: 'Modulation', icon: Waves },
  distortion: { label: 'Distortion', icon: Flame },
  utility: { label: 'Utility', icon: Wrench },
};
