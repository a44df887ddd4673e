import { RefusalError } from '../port/fault.ts';

export type ActionFields = Readonly<Record<string, string>>;

// oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to refuse
const forbidden = /[\u0000\r\n]/;
const nameForm = /^[A-Za-z][A-Za-z0-9-]*$/;

/** An action as it is written. A line break in a value would begin another header, or another action. */
export function serializeAction(action: string, actionId: string, fields: ActionFields): string {
  const lines = Object.entries({ Action: action, ActionID: actionId, ...fields }).map(([name, value]) => {
    if (!nameForm.test(name) || forbidden.test(value))
      throw new RefusalError(
        `The value for ${JSON.stringify(name)} can't be sent: it holds a line break or NUL.`,
      );
    return `${name}: ${value}\r\n`;
  });
  return `${lines.join('')}\r\n`;
}
