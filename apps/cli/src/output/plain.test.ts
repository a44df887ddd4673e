import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { plain } from './plain.ts';

it('shows what would steer a terminal, and leaves the rest alone', () => {
  expect(plain('\u001b[2J\r\n\u202eevil')).toBe('\\u001b[2J\\u000d\\u000a\\u202eevil');
  expect(plain('Zoë "O\'Neil" +49 30')).toBe('Zoë "O\'Neil" +49 30');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to look for
      expect(plain(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }),
  );
});
