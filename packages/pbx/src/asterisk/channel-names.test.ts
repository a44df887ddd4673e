import { expect, it } from 'vitest';
import { createChannelNames } from './channel-names.ts';

it.each([
  ['PJSIP/1001-0000002a', { kind: 'extension', number: '1001' }],
  ['SIP/101-0000002a', { kind: 'extension', number: '101' }],
  ['PJSIP/1001-0000002a<ZOMBIE>', { kind: 'extension', number: '1001' }],
  ['PJSIP/pstn-0000000f', { kind: 'trunk', name: 'pstn' }],
  ['PJSIP/my-trunk-0000000f', { kind: 'trunk', name: 'my-trunk' }],
  ['PJSIP/31205551000-0000000f', { kind: 'trunk', name: '31205551000' }],
  ['DAHDI/17-1', { kind: 'trunk', name: '17' }],
  ['Local/1003@internal-0000000d;1', { kind: 'local', pair: '1003@internal-0000000d' }],
  ['Local/1003@internal-0000000d;2', { kind: 'local', pair: '1003@internal-0000000d' }],
  ['Snoop/1795198753.39-00000001', { kind: 'aside' }],
  ['Message/ast_msg_queue', { kind: 'aside' }],
])('by our own rule %s is %j', (name, named) => {
  expect(createChannelNames({}).read(name)).toEqual(named);
});

it('the patterns of an installation decide before our rule, the extension before the trunk', () => {
  const extensions = createChannelNames({ extensionPattern: '^PJSIP/(?:ph-)(\\w+)-' });
  expect(extensions.read('PJSIP/ph-anna-00000001')).toEqual({ kind: 'extension', number: 'anna' });
  expect(extensions.read('PJSIP/1001-00000001')).toEqual({ kind: 'trunk', name: '1001' });
  const trunks = createChannelNames({ trunkPattern: '^PJSIP/(0\\d+)-' });
  expect(trunks.read('PJSIP/0800-00000001')).toEqual({ kind: 'trunk', name: '0800' });
  expect(trunks.read('PJSIP/1001-00000001')).toEqual({ kind: 'extension', number: '1001' });
  const both = createChannelNames({ extensionPattern: '^PJSIP/(\\d+)-', trunkPattern: '^([^/]+/[^-]+)-' });
  expect(both.read('PJSIP/0800-00000001')).toEqual({ kind: 'extension', number: '0800' });
  expect(both.read('IAX2/far-00000001')).toEqual({ kind: 'trunk', name: 'IAX2/far' });
});

it('devices of phones have numbers, and no other devices', () => {
  const names = createChannelNames({});
  expect(names.extensionOf('PJSIP/1001')).toBe('1001');
  for (const device of ['PJSIP/pstn', 'Queue:sales_avail', 'Local/1003@internal', 'Custom:DND1001'])
    expect(names.extensionOf(device)).toBeNull();
});
