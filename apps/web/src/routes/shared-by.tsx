import { useEffect, useState } from 'react';
import { theApp } from '../session/index.ts';

/** Whose project it is, as far as the server tells; nothing until then, since the list is of use without. */
export function SharedBy({ projectId }: { readonly projectId: string }) {
  const [owner, setOwner] = useState<string | null>(null);
  useEffect(() => {
    let shown = true;
    theApp()
      .client.members(projectId)
      .then((members) => {
        const email = members.find((member) => member.role === 'owner')?.email;
        if (shown && email) setOwner(email);
      })
      .catch(() => {});
    return () => {
      shown = false;
    };
  }, [projectId]);
  return owner === null ? null : <> · by {owner}</>;
}
