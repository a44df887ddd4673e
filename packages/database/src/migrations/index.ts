import { Migration001TenantsAndPbxs } from './migration-001-tenants-and-pbxs.ts';
import { Migration002Calls } from './migration-002-calls.ts';
import { Migration003Streams } from './migration-003-streams.ts';
import { Migration004AuditAndOutbox } from './migration-004-audit-and-outbox.ts';
import { Migration005TenantWall } from './migration-005-tenant-wall.ts';
import { Migration006Links } from './migration-006-links.ts';
import { Migration007Cleanup } from './migration-007-cleanup.ts';
import { Migration008StuckCalls } from './migration-008-stuck-calls.ts';
import { Migration009Reads } from './migration-009-reads.ts';
import { Migration010OperatorActions } from './migration-010-operator-actions.ts';
import { Migration011Webhooks } from './migration-011-webhooks.ts';
import { Migration012OurCauses } from './migration-012-our-causes.ts';
import { Migration013Console } from './migration-013-console.ts';
import { Migration014Conversations } from './migration-014-conversations.ts';
import { Migration015Contacts } from './migration-015-contacts.ts';
import { Migration016Heard } from './migration-016-heard.ts';
import { Migration017Recordings } from './migration-017-recordings.ts';
import { Migration025Phones } from './migration-025-phones.ts';

/** In the order in which they run. A list of classes, so that no bundler or minifier can rename what the log holds. */
export const migrations = [
  { name: '001-tenants-and-pbxs', class: Migration001TenantsAndPbxs },
  { name: '002-calls', class: Migration002Calls },
  { name: '003-streams', class: Migration003Streams },
  { name: '004-audit-and-outbox', class: Migration004AuditAndOutbox },
  { name: '005-tenant-wall', class: Migration005TenantWall },
  { name: '006-links', class: Migration006Links },
  { name: '007-cleanup', class: Migration007Cleanup },
  { name: '008-stuck-calls', class: Migration008StuckCalls },
  { name: '009-reads', class: Migration009Reads },
  { name: '010-operator-actions', class: Migration010OperatorActions },
  { name: '011-webhooks', class: Migration011Webhooks },
  { name: '012-our-causes', class: Migration012OurCauses },
  { name: '013-console', class: Migration013Console },
  { name: '014-conversations', class: Migration014Conversations },
  { name: '015-contacts', class: Migration015Contacts },
  { name: '016-heard', class: Migration016Heard },
  { name: '017-recordings', class: Migration017Recordings },
  { name: '025-phones', class: Migration025Phones },
];

/** Where MikroORM logs which of them have run. */
export const migrationTable = 'migration';
