import { createTokenVerifier, createRevocations } from '@trunkline/access';
import { testAudience, TestIssuer } from '@trunkline/access/testing';
import { testRedisUrl } from '@trunkline/backing-services/testing';
import { createPush, PUSH_TUNING } from '@trunkline/push';
import { TestClient } from '@trunkline/push/testing';
import { createMetrics, createRedisConnections, startTracing, traceIdOf } from '@trunkline/service-kit';
import { createMemoryLogger, startCollector } from '@trunkline/service-kit/testing';
import { expect, it } from 'vitest';
import { FleetLab, untilNothing } from './fleet-lab.ts';

const lifeMsMax = 86_400_000;
const origin = 'http://pages.test';

/** A push node beside the lab's fleet, and a browser on it that follows the calls of the tenant. */
async function browserOn(lab: FleetLab, stack: AsyncDisposableStack): Promise<TestClient> {
  const { logger } = createMemoryLogger();
  const { database, prefix, tenant } = lab;
  const issuer = stack.use(await TestIssuer.start());
  const redis = stack.use(createRedisConnections({ url: testRedisUrl(), logger, name: 'push' }));
  const connection = redis.open('commands');
  await redis.whenReady(connection);
  const revocations = createRevocations({ connection, prefix, lifeMsMax });
  const metrics = createMetrics({ app: 'push' });
  stack.defer(() => metrics.stop());
  const claims = { tenant: 'tenant', user: 'sub', scopes: 'scope', roles: 'roles' };
  const trusted = { issuer: issuer.url, audience: testAudience };
  const push = createPush({
    database,
    redis,
    prefix,
    revocations,
    logger,
    metrics,
    tuning: { ...PUSH_TUNING, drain: { windowMs: 0, graceMs: 100 } },
    verifier: createTokenVerifier({ ...trusted, lifeMsMax, claims, revocations }),
    carryOut: () => Promise.reject(new Error('nothing is carried out here')),
    listen: { host: '127.0.0.1', port: 0, origins: [origin], proxies: 0 },
  });
  stack.defer(() => push.stop());
  const { port } = await push.start();
  const token = await issuer.token({ tenant, sub: 'ana', roles: ['supervisor'] });
  const client = stack.use(new TestClient(port, { token, headers: { origin } }));
  await client.hears('connected');
  await client.subscribe('calls');
  return client;
}

it(
  'one trace follows a call from the word of its PBX through stream, batch and tables to the sockets, in spans and in the log',
  { timeout: 180_000 },
  async () => {
    await using collector = await startCollector();
    const { logger, entries } = createMemoryLogger();
    await using tracing = await startTracing({
      endpoint: collector.endpoint,
      log: true,
      serviceName: 'fleet',
      logger,
    });
    await using stack = new AsyncDisposableStack();
    const lab = stack.use(await FleetLab.open({ dialect: 'asterisk-ami' }));
    const linkIs = async () => ((await lab.linkState()) === 'live' ? [] : ['the link is not live']);
    await untilNothing(linkIs, 'the link should be live');
    const browser = await browserOn(lab, stack);

    const { control } = lab.simulator;
    const told = control.place({ kind: 'internal', from: '1001', to: '1002' });
    const other = control.place({ kind: 'internal', from: '1003', to: '1004' });
    for (const call of [told, other]) call.ring();
    const { row: first } = await browser.until(() => {
      const rows = browser.heard.flatMap((message) => (message.type === 'new_call' ? message.rows : []));
      const row = rows.find(({ pbx }) => pbx === lab.pbx);
      return row && { row };
    }, 'a call on the screen');
    const trace = traceIdOf(lab.pbx, first.call);
    for (const call of [told, other]) call.answer();
    for (const call of [told, other]) call.hangUp();
    await browser.until(
      () =>
        browser.heard.some(
          (message) =>
            message.type === 'call_update' &&
            message.rows.some(({ call, status }) => call === first.call && status === 'ended'),
        ),
      'the end of the call on the screen',
    );
    // Every word of the call is in the audit trail under its trace, and what was committed with it names a trace as well.
    const audit = await lab.rows(
      'select type, traceparent from call_event where subject = $1 order by version',
      [first.call],
    );
    expect(audit.map(({ type }) => type)).toEqual(expect.arrayContaining(['call.ended']));
    for (const { traceparent } of audit)
      expect(traceparent).toMatch(new RegExp(`^00-${trace}-[\\da-f]{16}-01$`));

    await tracing.stop();
    const spans = collector.spans.filter(({ traceId }) => traceId === trace);
    const heard = spans.filter(({ name }) => name.startsWith('hear call.'));
    expect(heard.map(({ name }) => name)).toContain('hear call.ended');
    const applied = spans.filter(
      ({ name }) => name === 'process lifecycle' || name.startsWith('apply call.'),
    );
    // Each was applied by a span whose parent is the span in which it was heard.
    const parents = new Set(applied.map(({ parentSpanId }) => parentSpanId));
    for (const { spanId, name } of heard) expect([name, parents.has(spanId)]).toEqual([name, true]);
    const delivered = spans.filter(({ name }) => name === 'deliver');
    expect(delivered.length).toBeGreaterThan(0);
    // A delivery hangs on, or is linked to, the transaction that committed it, which a collector has too.
    const batches = new Set(
      collector.spans.filter(({ name }) => name.startsWith('process ')).map(({ spanId }) => spanId),
    );
    for (const { parentSpanId, links = [] } of delivered)
      expect([parentSpanId, ...links.map(({ spanId }) => spanId)].some((id) => batches.has(id ?? ''))).toBe(
        true,
      );

    const lines = entries.filter(({ traceId }) => traceId === trace).map(({ msg }) => msg);
    expect(lines).toEqual(
      expect.arrayContaining(['span: hear call.ringing', 'span: hear call.ended', 'span: deliver']),
    );
    // The other call has a trace of its own.
    expect(
      new Set(collector.spans.filter(({ name }) => name === 'hear call.ended').map(({ traceId }) => traceId))
        .size,
    ).toBe(2);
  },
);
