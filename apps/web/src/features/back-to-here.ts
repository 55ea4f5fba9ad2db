/** Where somebody who signs up from here goes on: in the project that they take along, else wherever is usual. */
export function backToHere(): { next?: string } {
  const { pathname } = window.location;
  return pathname.startsWith('/projects/') ? { next: pathname } : {};
}
