/** What somebody may be made in a project. */
export const ROLE_OPTIONS = [
  { value: 'editor', label: 'Editor' },
  { value: 'client', label: 'Client' },
] as const satisfies readonly { value: 'editor' | 'client'; label: string }[];
