import { Share2, UserPlus } from 'lucide-react';
import { useState } from 'react';
import {
  type Person,
  properName,
  useAccount,
  usePeople,
  useProject,
  useUi,
} from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import { Avatar } from './avatar.tsx';
import { lookWords } from './look-words.ts';
import styles from './together.module.css';

/** More people than these are counted. */
const SHOWN = 4;
const ROLES = { owner: 'Owner', editor: 'Editor', client: 'Client' } as const;

const nameOf = (person: Person) => (person.self ? 'You' : properName(person.name));

function PersonRow({ person }: { readonly person: Person }) {
  const tracks = useProject((s) => s.tracks);
  const plugins = useProject((s) => s.plugins);
  const where = person.reconnecting
    ? 'Reconnecting…'
    : person.self
      ? null
      : lookWords(person.tabs[0]?.focus, { tracks, plugins });
  const tabs = person.tabs.length > 1 ? `${person.tabs.length} tabs` : null;
  return (
    <li className={styles.personRow}>
      <Avatar name={person.name} color={person.color} reconnecting={person.reconnecting} />
      <span className={styles.personText}>
        <span className={styles.personName}>
          {properName(person.name)}
          {person.self && <span className={styles.quiet}> (you)</span>}
        </span>
        <span className={styles.quiet}>
          {[ROLES[person.role], tabs, where].filter(Boolean).join(' · ')}
        </span>
      </span>
    </li>
  );
}

/** Who is here: one avatar per person, and behind them the list and the way to invite others. */
export function PresenceBar() {
  const people = usePeople();
  const [open, setOpen] = useState(false);
  const owner = useProject((s) => s.role === 'owner');
  const guest = useAccount((s) => s.account?.role === 'guest');
  if (people.length === 0) return null;
  const others = people.filter((person) => !person.self);
  const words = others.length
    ? `In this project: ${people.map(nameOf).join(', ')}`
    : 'Only you are here';
  return (
    <Popover
      label="People in this project"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className={styles.peoplePopover ?? ''}
      trigger={
        <button type="button" className={styles.presence} aria-label={words} data-testid="presence">
          {people.slice(0, SHOWN).map((person) => (
            <span
              key={person.userId}
              title={`${nameOf(person)}${person.reconnecting ? ', reconnecting' : ''}`}
              data-testid={`presence-${person.userId}`}
              data-state={person.reconnecting ? 'reconnecting' : 'here'}
            >
              <Avatar name={person.name} color={person.color} reconnecting={person.reconnecting} />
            </span>
          ))}
          {people.length > SHOWN && <span className={styles.more}>+{people.length - SHOWN}</span>}
        </button>
      }
    >
      <h2 className={styles.popoverTitle}>In this project now</h2>
      <ul className={styles.people}>
        {people.map((person) => (
          <PersonRow key={person.userId} person={person} />
        ))}
      </ul>
      {!guest && (
        <Button
          size="sm"
          icon={owner ? <UserPlus size={14} aria-hidden /> : <Share2 size={14} aria-hidden />}
          onClick={() => {
            setOpen(false);
            useUi.setState({ shareOpen: true });
          }}
        >
          {owner ? 'Invite somebody…' : 'Who belongs to it…'}
        </Button>
      )}
    </Popover>
  );
}
