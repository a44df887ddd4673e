import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { audited } from '../audited.ts';
import { defineRoute } from '../http/route.ts';
import { simulatorDoneShape, simulatorShape } from '../shapes/simulator.ts';
import { simulatorActionSchema } from '../simulator/simulator-actions.ts';
import { createSimulatorClient, type AskSimulator } from '../simulator/simulator-client.ts';
import { shownSimulator } from '../simulator/shown-simulator.ts';
import { steerSimulator } from '../simulator/steer-simulator.ts';
import { notFound } from './own.ts';

const tag = 'Simulator';

export const readSimulatorRoute = defineRoute({
  method: 'GET',
  path: '/v1/simulator',
  tag,
  summary: 'How the simulated PBX behaves, and what goes on in it',
  description: 'In development only.',
  scope: 'ops:write',
  answers: { 200: { description: 'What it is and does.', schema: simulatorShape } },
  handle: async (_request, context) => ({ body: shownSimulator(await clientOf(context)('GET', '/status')) }),
});

export const steerSimulatorRoute = defineRoute({
  method: 'POST',
  path: '/v1/simulator/actions',
  tag,
  summary: 'Has the simulated PBX do something, such as lose its socket',
  description: 'In development only.',
  scope: 'ops:write',
  body: v.pipe(simulatorActionSchema, v.description('One action.')),
  answers: { 200: { description: 'It happens.', schema: simulatorDoneShape } },
  problems: ['not-found'],
  async handle({ principal, body, traceparent }, context) {
    const { action, ...details } = body;
    const call = await audited(
      context,
      { principal, action: `simulator.${action}`, details, traceparent },
      () => steerSimulator(clientOf(context), body),
    );
    return { body: { done: true, call } };
  },
});

function clientOf({ simulatorUrl }: Pick<ApiContext, 'simulatorUrl'>): AskSimulator {
  if (simulatorUrl === null) throw notFound('There is no simulated PBX here');
  return createSimulatorClient(simulatorUrl);
}
