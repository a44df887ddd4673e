// Follows the calls of a tenant in a terminal: node examples/follow-calls.mjs wss://host/ws "$TOKEN"
import { createClient } from '@trunkline/realtime-client';

const [url, token] = process.argv.slice(2);
const client = createClient({ url, token, topics: ['calls', 'pbx'] });
const show = ({ status, callerNumber, calleeNumber, cause }) =>
  console.log(`${status.padEnd(9)} ${callerNumber ?? '?'} -> ${calleeNumber ?? '?'} ${cause ?? ''}`);

client.on('topic:snapshot', ({ rows }) => rows.call_update?.forEach(show));
client.on('new_call', show);
client.on('call_update', show);
client.on('pbx-disconnected', ({ pbx }) =>
  console.log(`link to ${pbx} lost: what is shown of its calls may be wrong`),
);
client.on('topic:status', ({ topic, status }) => console.log(`${topic} is ${status.state}`));
process.on('SIGINT', () => client.disconnect());
