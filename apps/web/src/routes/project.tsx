import { useEffect } from 'react';
import { followExports } from '../session/exports/project-exports.ts';
import { useOpenProject } from '../session/index.ts';
import { Workstation } from '../shell/workstation.tsx';
import { Pending } from './pending.tsx';

export function ProjectPage({ id }: { readonly id: string }) {
  const open = useOpenProject((s) => s.state?.project.id === id);
  useEffect(() => followExports(id), [id]);
  return open ? <Workstation key={id} /> : <Pending />;
}
