/**
 * The health check of the image, for engines that have no probes of their own: whether this container can serve now. A
 * failure says what it is that fails.
 */
const port = process.env['TRUNKLINE_OPERATIONS_PORT'] ?? '';
const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
if (!answer.ok) console.error(await answer.text());
process.exitCode = answer.ok ? 0 : 1;
