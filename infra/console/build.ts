/** `npm run console`: the console as it is served, built where it is missing or of other sources. */
import { checkoutPaths } from '@trunkline/backing-services';
import { ensureConsole } from './ensure-console.ts';

const { root } = checkoutPaths();
const folder = await ensureConsole({ root, report: (line) => console.log(line) });
console.log(folder === null ? 'There is no apps/console in this checkout.' : `The console lies in ${folder}`);
