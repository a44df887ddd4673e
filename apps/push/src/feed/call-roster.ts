/** Calls that are kept in mind for one tenant; those heard of longest ago go first. */
const callsMax = 20_000;

interface Known {
  readonly phones: Set<string>;
  revision: number;
  /** Heard of from its first revision on, so that every phone that ever took part is known. */
  readonly fromTheStart: boolean;
}

/** Which phones a row of a call concerns; `everyone`: nobody can say, so whoever follows any phone gets it. */
export type Concerned = 'everyone' | readonly string[];

/**
 * Remembers which phones ever took part in a call, since its rows name only those that do now: whoever watched the call at a
 * phone must hear that it went elsewhere or ended. Of a call that was not followed from its start this node can't know
 * them all, and then nobody is left out.
 */
export class CallRoster {
  readonly #calls = new Map<string, Known>();

  /** Takes a row in, and says whom it concerns. */
  concern(pbx: string, call: string, revision: number, phones: readonly string[]): Concerned {
    const key = `${pbx} ${call}`;
    const known = this.#calls.get(key) ?? { phones: new Set(), revision: 0, fromTheStart: revision === 1 };
    this.#calls.delete(key);
    this.#calls.set(key, known);
    if (this.#calls.size > callsMax) this.#forgetOldest();
    if (revision < known.revision && known.fromTheStart) {
      // A late row of a state that has passed: who saw the call knows a newer row, and who did not need not begin.
      return [...known.phones];
    }
    known.revision = Math.max(known.revision, revision);
    for (const phone of phones) known.phones.add(phone);
    return known.fromTheStart ? [...known.phones] : 'everyone';
  }

  /** Whom a row concerned that is read again from the stream, whatever has become of the call since. */
  recall(pbx: string, call: string, phones: readonly string[]): Concerned {
    const known = this.#calls.get(`${pbx} ${call}`);
    return known?.fromTheStart === true ? [...new Set([...known.phones, ...phones])] : 'everyone';
  }

  #forgetOldest(): void {
    const [oldest] = this.#calls.keys();
    if (oldest !== undefined) this.#calls.delete(oldest);
  }
}
