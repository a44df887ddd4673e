import { describe, expect, it } from 'vitest';
import { ApplyError, classifyFailure, TransientError } from './failure.ts';

function coded(code: string, message = 'failed'): Error {
  return Object.assign(new Error(message), { code });
}

describe('classifyFailure', () => {
  it.each([
    '08006',
    '40001',
    '40P01',
    '53300',
    '55P03',
    '57P01',
    '57P02',
    '57P03',
    '58030',
    '42P01',
    '42703',
    '42501',
    'XX000',
    '25006',
    '28P01',
    '3D000',
  ])('never holds SQLSTATE %s against an entry', (code) => {
    expect(classifyFailure(new ApplyError(coded(code)))).toBe('transient');
    expect(classifyFailure(coded(code))).toBe('transient');
  });

  it.each(['22001', '22P02', '22021', '23502', '23505', '23514', '54000', 'P0001', '25P02'])(
    'holds SQLSTATE %s against an entry, also when it comes at the commit',
    (code) => {
      expect(classifyFailure(new ApplyError(coded(code)))).toBe('poison');
      expect(classifyFailure(coded(code))).toBe('poison');
    },
  );

  it.each(['57014', '25P03', '25P04'])('takes SQLSTATE %s for too much at once', (code) => {
    expect(classifyFailure(new ApplyError(coded(code)))).toBe('slow');
  });

  it.each(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])(
    'takes %s for the network',
    (code) => {
      expect(classifyFailure(new ApplyError(coded(code)))).toBe('transient');
    },
  );

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated',
    'Client has encountered a connection error and is not queryable',
    'timeout exceeded when trying to connect',
    'Query read timeout',
  ])('knows node-postgres by its words: %s', (message) => {
    expect(classifyFailure(new ApplyError(new Error(message)))).toBe('transient');
  });

  it('looks through wrappers', () => {
    expect(classifyFailure(new ApplyError(new Error('driver failed', { cause: coded('40P01') })))).toBe(
      'transient',
    );
    expect(classifyFailure(new ApplyError(new Error('driver failed', { cause: coded('23505') })))).toBe(
      'poison',
    );
  });

  it('holds what apply throws by itself against an entry, with or without a code of Node', () => {
    expect(classifyFailure(new ApplyError(new TypeError('undefined is not a function')))).toBe('poison');
    expect(classifyFailure(new ApplyError(coded('ERR_INVALID_ARG_TYPE')))).toBe('poison');
    expect(classifyFailure(new ApplyError('a string'))).toBe('poison');
  });

  it('holds nothing against an entry that did not come from applying it', () => {
    expect(classifyFailure(new TypeError('a mistake of ours'))).toBe('transient');
    expect(classifyFailure(new Error('Redis discarded the read transaction'))).toBe('transient');
    expect(classifyFailure(undefined)).toBe('transient');
  });

  it('believes apply when it says that the failure is transient', () => {
    expect(classifyFailure(new ApplyError(new TransientError('later')))).toBe('transient');
  });

  it('ends on a chain of causes that bites its tail', () => {
    const error = new Error('round');
    error.cause = error;
    expect(classifyFailure(new ApplyError(error))).toBe('poison');
  });
});
