export { downAbout, problemsAbout, rowsAbout, topicsAbout, upAbout } from './catalogue.ts';
export { dataSchema, downSchemas, parseDown } from './down.ts';
export { isPosition } from './position.ts';
export { rowSchemas } from './rows.ts';
export { readUp, upSchemas, type ReadUp } from './up.ts';
