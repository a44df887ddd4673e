import { createHash } from 'node:crypto';

export interface Script {
  readonly text: string;
  readonly sha: string;
}

const script = (text: string): Script => ({ text, sha: createHash('sha1').update(text).digest('hex') });

/**
 * Which feed this is. A new epoch says that entries may be missing that somebody has seen: the stream is gone, or the
 * server is not the process that it was. A restart may have lost the last second, a replica that took over what had not
 * reached it, and neither can be seen from the entries that are left.
 */
const currentEpoch = `
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or '-'
  local head = redis.call('HMGET', KEYS[2], 'epoch', 'run', 'last')
  local epoch = head[1]
  if not epoch or head[2] ~= run or (head[3] and redis.call('EXISTS', KEYS[1]) == 0) then
    epoch = ARGV[1]
    redis.call('DEL', KEYS[1], KEYS[2])
    redis.call('HSET', KEYS[2], 'epoch', epoch, 'run', run)
    redis.call('PEXPIRE', KEYS[2], ARGV[2])
    head[3] = false
  end`;

/**
 * A message is known again by its id and its text: ids begin anew with a database that is made anew, and then another message has the
 * id. KEYS: stream, head, channel, told. ARGV: epoch if a new one is needed, ms to keep, entries to keep, id, trace, payload, how
 * to publish, messages to know again.
 */
export const deliverScript = script(`${currentEpoch}
  if not head[3] then redis.call('DEL', KEYS[4]) end
  local message = redis.sha1hex(ARGV[4] .. ' ' .. ARGV[6])
  if redis.call('ZSCORE', KEYS[4], message) then return {epoch, head[3]} end
  local trace = ARGV[5]
  local offset
  if trace == '' then
    trace = '-'
    offset = redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[3], '*', 'id', ARGV[4], 'payload', ARGV[6])
  else
    offset = redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[3], '*', 'id', ARGV[4], 'trace', trace, 'payload', ARGV[6])
  end
  redis.call('HSET', KEYS[2], 'last', offset)
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
  redis.call('ZADD', KEYS[4], string.match(offset, '%d+'), message)
  redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -1 - ARGV[8])
  redis.call('PEXPIRE', KEYS[4], ARGV[2])
  redis.call(ARGV[7], KEYS[3], epoch .. ' ' .. offset .. ' ' .. (head[3] or '0-0') .. ' ' .. ARGV[4] .. ' ' .. trace .. '\\n' .. ARGV[6])
  return {epoch, offset}`);

/** KEYS: stream, head. ARGV: epoch if a new one is needed, ms to keep. */
export const positionScript = script(`${currentEpoch}
  local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)
  return {epoch, redis.call('HGET', KEYS[2], 'last') or '0-0', first[1] and first[1][1] or '0-0'}`);
