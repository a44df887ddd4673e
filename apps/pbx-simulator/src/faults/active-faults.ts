import type { Fault, FaultKind, FaultOf } from '../contract/fault.ts';
import type { Chance } from '../random.ts';

/** The faults that last, one of each kind. What happens once (a drop, a restart) is not kept here. */
export class ActiveFaults {
  readonly #byKind = new Map<FaultKind, Fault>();
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  set(fault: Fault): void {
    this.#byKind.set(fault.kind, fault);
  }

  clear(): void {
    this.#byKind.clear();
  }

  all(): readonly Fault[] {
    return [...this.#byKind.values()];
  }

  has(kind: FaultKind): boolean {
    return this.#byKind.has(kind);
  }

  get<Kind extends FaultKind>(kind: Kind): FaultOf<Kind> | undefined {
    return this.#byKind.get(kind) as FaultOf<Kind> | undefined;
  }

  losesHangup(): boolean {
    return this.#chance.happens(this.get('loseHangups')?.share ?? 0);
  }

  /** How a call's end is told where the PBX leaves out a half of it: never both halves. */
  ending(): 'whole' | 'withoutDetails' | 'withoutBye' {
    const { withoutDetails = 0, withoutBye = 0 } = this.get('endings') ?? {};
    const drawn = this.#chance.next();
    if (drawn < withoutDetails) return 'withoutDetails';
    return drawn < withoutDetails + withoutBye ? 'withoutBye' : 'whole';
  }

  /** Whether this frame gets a broken copy. A count is used up. */
  malforms(): 'no' | 'besides' | 'instead' {
    const fault = this.get('malformed');
    if (fault === undefined) return 'no';
    const counted = fault.count !== undefined && fault.count > 0;
    if (counted) this.set({ ...fault, count: (fault.count ?? 0) - 1 });
    if (!counted && !this.#chance.happens(fault.share ?? 0)) return 'no';
    return fault.instead === true ? 'instead' : 'besides';
  }
}
