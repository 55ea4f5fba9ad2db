import { Link, useNavigate } from '@tanstack/react-router';
import {
  AudioLines,
  CircleUserRound,
  FolderOpen,
  Keyboard,
  LogIn,
  LogOut,
  ShieldCheck,
  UserPlus,
} from 'lucide-react';
import { backToHere } from '../features/back-to-here.ts';
import { closeProject, theApp, useAccount, useUi } from '../session/index.ts';
import { buttonClass } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import styles from './shell.module.css';

/** Who one is here; for guests the way to an account. */
export function AccountMenu({ inProject = false }: { readonly inProject?: boolean }) {
  const account = useAccount((s) => s.account);
  const navigate = useNavigate();
  const guest = account?.role === 'guest';

  const signOut = async () => {
    await closeProject();
    await theApp().auth.signOut();
    await navigate({ to: '/sign-in', search: { mode: 'in' } });
  };

  if (!account)
    return (
      <Link to="/sign-in" search={{ mode: 'in' }} className={buttonClass({ tone: 'secondary' })}>
        Sign in
      </Link>
    );
  return (
    <>
      {guest && (
        <Link
          to="/sign-in"
          search={{ mode: 'up', ...backToHere() }}
          className={buttonClass({ tone: 'secondary', className: styles.signUp })}
          data-testid="sign-up"
        >
          Sign up
        </Link>
      )}
      <Menu
        align="end"
        trigger={
          <IconButton label="Account" tooltip={null} data-testid="account-menu">
            <CircleUserRound size={18} aria-hidden />
          </IconButton>
        }
      >
        <MenuGroup label={account.email ?? 'Guest: sign up to keep your work'}>
          {account.role === 'admin' && (
            <MenuItem
              icon={<ShieldCheck size={14} aria-hidden />}
              onClick={() => void navigate({ to: '/admin' })}
            >
              Review
            </MenuItem>
          )}
          {account.role !== 'client' && account.role !== 'admin' && (
            <MenuItem
              icon={<FolderOpen size={14} aria-hidden />}
              onClick={() => void navigate({ to: '/projects' })}
            >
              Projects
            </MenuItem>
          )}
          {account.role !== 'admin' && !guest && (
            <MenuItem
              icon={<AudioLines size={14} aria-hidden />}
              onClick={() => void navigate({ to: '/exports' })}
            >
              {account.role === 'client' ? 'Shared with you' : 'Exports'}
            </MenuItem>
          )}
          {inProject && (
            <MenuItem
              icon={<Keyboard size={14} aria-hidden />}
              shortcut="?"
              onClick={() => useUi.setState({ shortcutsOpen: true })}
            >
              Keyboard shortcuts
            </MenuItem>
          )}
        </MenuGroup>
        <MenuSeparator />
        {guest ? (
          <>
            <MenuItem
              icon={<UserPlus size={14} aria-hidden />}
              onClick={() =>
                void navigate({ to: '/sign-in', search: { mode: 'up', ...backToHere() } })
              }
            >
              Sign up
            </MenuItem>
            <MenuItem
              icon={<LogIn size={14} aria-hidden />}
              onClick={() => void navigate({ to: '/sign-in', search: { mode: 'in' } })}
            >
              I have an account
            </MenuItem>
          </>
        ) : (
          <MenuItem icon={<LogOut size={14} aria-hidden />} onClick={() => void signOut()}>
            Sign out
          </MenuItem>
        )}
      </Menu>
    </>
  );
}
