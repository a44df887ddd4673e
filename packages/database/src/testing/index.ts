export { said } from './said.ts';
export { preparedDatabase, tenantIds } from './prepared-database.ts';
export { storedState, type State } from './stored-state.ts';
