import { checkoutPaths } from '@trunkline/backing-services';
import type { FleetProcess } from '../fleet.ts';
import { launch } from '../launch.ts';

/**
 * `npm start` for a test: the data lies in the folder given, downloads are those of this checkout, and the fleet is
 * one app that tells what it was given.
 *
 *     node launch-in.fixture.ts <folder>
 */
const [folder = ''] = process.argv.slice(2);

const echo: FleetProcess = {
  name: 'echo',
  entry: `${import.meta.dirname}/echo-app.fixture.ts`,
  ports: ['http'],
  environment: ({ ports }) => ({ ECHO_PORT: String(ports['echo.http']) }),
  readyUrl: ({ ports }) => `http://127.0.0.1:${ports['echo.http']}/readyz`,
  shown: ({ ports }) => `http://127.0.0.1:${ports['echo.http']}`,
};

process.exitCode = await launch({
  paths: { ...checkoutPaths(folder), cache: checkoutPaths().cache },
  fleet: [echo],
});
