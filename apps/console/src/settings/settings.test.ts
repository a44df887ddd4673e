import { expect, it } from 'vitest';
import { themeFor } from '../theme/theme.ts';
import { defaultSettings, parseSettings } from './settings.ts';

it('settings are read as far as they make sense, and the rest is as by default', () => {
  expect(parseSettings(null)).toEqual(defaultSettings);
  expect(parseSettings('{"theme":')).toEqual(defaultSettings);
  const stored = {
    theme: 'dark',
    density: 7,
    zone: 'Mars/Olympus',
    closedGroups: ['a'],
    ringingLongSeconds: 1,
  };
  expect(parseSettings(JSON.stringify(stored))).toEqual({
    ...defaultSettings,
    theme: 'dark',
    closedGroups: ['a'],
  });
});

it.each([
  ['', 'system', false, 'light'],
  ['', 'system', true, 'dark'],
  ['', 'light', true, 'light'],
  ['?mode=wall', 'system', false, 'dark'],
  ['?mode=wall', 'light', true, 'light'],
  ['?mode=wall&theme=light', 'dark', true, 'light'],
  ['?theme=blue', 'system', true, 'dark'],
] as const)('the theme of %j with %s, system dark %s, is %s', (search, chosen, isDark, theme) => {
  expect(themeFor(search, chosen, isDark)).toBe(theme);
});
