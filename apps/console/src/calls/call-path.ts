/** The page of a call. */
export const callPath = ({ pbx, call }: { readonly pbx: string; readonly call: string }): string =>
  `/calls/${pbx}/${encodeURIComponent(call)}`;

/** Which call a page is about. From the address as it stands there: the router decodes only some letters. */
export function callOfPath(path: string): { readonly pbx: string; readonly call: string } | null {
  const [, , pbx = '', call = ''] = path.split('/');
  try {
    return pbx === '' || call === '' ? null : { pbx, call: decodeURIComponent(call) };
  } catch {
    return null;
  }
}
