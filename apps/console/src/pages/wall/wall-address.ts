import { wholeBoard, type BoardView } from './board.ts';
import { phoneStates, type PhoneState } from './phone.ts';

/** What the address of the wallboard says. */
export interface WallAddress extends BoardView {
  readonly isWall: boolean;
  /** The phone whose panel is open. */
  readonly phone: string | null;
}

export function readAddress(params: URLSearchParams): WallAddress {
  const states = new Set((params.get('state') ?? '').split(','));
  return {
    text: params.get('q') ?? '',
    group: params.get('group'),
    states: phoneStates.filter((state) => states.has(state)),
    groupBy: params.get('by') === 'range' ? 'range' : 'pbx',
    order: params.get('order') === 'name' ? 'name' : 'number',
    isWall: params.get('mode') === 'wall',
    phone: params.get('phone'),
  };
}

/** The same view gives the same address, and what is as usual is not in it. What others wrote there stays. */
export function writeAddress(before: URLSearchParams, change: Partial<WallAddress>): URLSearchParams {
  const next = { ...readAddress(before), ...change };
  const params = new URLSearchParams(before);
  const put = (name: string, value: string | null) =>
    value === null || value === '' ? params.delete(name) : params.set(name, value);
  put('q', next.text);
  put('group', next.group);
  put('state', next.states.join(','));
  put('by', next.groupBy === wholeBoard.groupBy ? null : next.groupBy);
  put('order', next.order === wholeBoard.order ? null : next.order);
  put('mode', next.isWall ? 'wall' : null);
  put('phone', next.phone);
  return params;
}

export const toggled = (states: readonly PhoneState[], state: PhoneState): readonly PhoneState[] =>
  phoneStates.filter((one) => (one === state) !== states.includes(one));
