import { createServer } from 'node:http';

/** Answers with what it was given; `/die` ends it as a bug would. */
const server = createServer((request, response) => {
  if (request.url === '/die') {
    console.error('a bug in echo');
    // oxlint-disable-next-line unicorn/no-process-exit -- this is what the test asks for
    process.exit(3);
  }
  const { DATABASE_URL, REDIS_URL } = process.env;
  response.end(JSON.stringify({ pid: process.pid, databaseUrl: DATABASE_URL, redisUrl: REDIS_URL }));
});

server.listen(Number(process.env['ECHO_PORT']), '127.0.0.1', () => console.log('echo listens'));
process.on('SIGTERM', () => {
  console.log('echo stops');
  server.close();
  server.closeAllConnections();
});
