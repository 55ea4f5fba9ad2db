import type { Member } from '@mixdown/contract';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { theApp, toastError } from '../../session/index.ts';

/** The project's members, read anew whenever `reload` is called; null until they are there. */
export function useMembers(projectId: string) {
  const [members, setMembers] = useState<readonly z.infer<typeof Member>[] | null>(null);
  const shown = useRef(true);
  const reload = useCallback(async () => {
    try {
      const list = await theApp().client.members(projectId);
      if (shown.current) setMembers(list);
    } catch (error) {
      if (shown.current) toastError(error, 'read the members');
    }
  }, [projectId]);
  useEffect(() => {
    shown.current = true;
    void reload();
    return () => {
      shown.current = false;
    };
  }, [reload]);
  return { members, reload };
}
