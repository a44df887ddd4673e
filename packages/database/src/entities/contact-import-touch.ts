import { defineEntity, p } from '@mikro-orm/postgresql';

/** For services only, and only while an import runs. */
export const ContactImportTouchEntity = defineEntity({
  name: 'ContactImportTouch',
  tableName: 'contact_import_touch',
  properties: {
    importId: p.uuid().primary(),
    contactId: p.uuid().primary(),
  },
});
