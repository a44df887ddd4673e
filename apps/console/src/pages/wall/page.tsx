/** The wallboard. */
export function Page() {
  return null;
}
