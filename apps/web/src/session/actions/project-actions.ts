import { theProject } from '../open-project.ts';
import { refreshLabels } from './history.ts';

export function renameProject(name: string): void {
  const trimmed = name.trim();
  if (!trimmed) return;
  theProject().session.set({ kind: 'project.set', patch: { name: trimmed } }, { final: true });
  refreshLabels();
}

/** Beats per minute, 20…400. */
export function setTempo(tempo: number): void {
  const clamped = Math.min(400, Math.max(20, Math.round(tempo * 100) / 100));
  theProject().session.set({ kind: 'project.set', patch: { tempo: clamped } }, { final: true });
  refreshLabels();
}
