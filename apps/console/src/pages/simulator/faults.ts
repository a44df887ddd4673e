/** Everything that the simulated PBX can be made to do, and what each of it should show, where. */
export interface Fault {
  readonly action: string;
  readonly title: string;
  readonly button: string;
  readonly does: string;
  /** The promise that is kept, as it can be seen. */
  readonly see: string;
  readonly where: readonly (readonly [href: string, label: string])[];
  /** What is sent beside the action. */
  readonly details?: Readonly<Record<string, number | boolean | string>>;
  /** It lasts until the faults are cleared. */
  readonly lasts?: true;
}

const links = ['/ops/links', 'PBX links'] as const;
const wall = ['/wall', 'Wallboard'] as const;
const cleanup = ['/ops/cleanup', 'Cleanup runs'] as const;
const stuck = ['/ops/stuck', 'Stuck calls'] as const;
const dead = ['/ops/dead-letters', 'Dead letters'] as const;

export const faults: readonly Fault[] = [
  {
    action: 'drop',
    title: 'Drop the socket',
    button: 'Drop the socket',
    does: 'Every connection of the PBX to us is cut, once.',
    see: 'Within a second its calls end in our records and its phones go back to online, unverified. A few seconds later the link is back, and a snapshot revives the calls that go on.',
    where: [wall, cleanup],
  },
  {
    action: 'freeze',
    title: 'Freeze',
    button: 'Freeze the PBX',
    does: 'Connections stay open and silent, as behind a router that has died.',
    see: 'No error comes, so the missing heartbeat is noticed after some seconds: the link is lost and retried with a countdown, until the faults are cleared.',
    where: [links],
    lasts: true,
  },
  {
    action: 'block-address',
    title: 'Block our address',
    button: 'Block us for 60 s',
    does: 'The PBX blocks our address and cuts our connections.',
    see: 'The link shows “Blocked by the PBX” with a countdown and no button to reconnect. The PBX doesn’t say when its block ends, so we stay away for some minutes. To go on sooner, clear the faults and say on the page of the link that the block was lifted.',
    where: [links],
    details: { seconds: 60 },
  },
  {
    action: 'lose-hangups',
    title: 'Lose hang-ups',
    button: 'Lose all hang-ups',
    does: 'Calls end without a word of it.',
    see: 'Answered calls stay on the wallboard although they are over. A dry run on “Stuck calls” asks the PBX, which says that they are gone.',
    where: [stuck, wall],
    lasts: true,
  },
  {
    action: 'restart',
    title: 'Restart the PBX',
    button: 'Restart it',
    does: 'The PBX is down for 5 s, and its calls are lost.',
    see: 'Calls end with “PBX restarted”, phones are reset, the link goes through all its steps until it is connected again.',
    where: [links, cleanup],
    details: { downSeconds: 5 },
  },
  {
    action: 'corrupt-frames',
    title: 'Corrupt frames',
    button: 'Corrupt one frame in five',
    does: 'A share of what it says arrives broken.',
    see: 'What can’t be read is set aside as a dead letter, and a snapshot puts right what it would have said.',
    where: [dead, links],
    details: { share: 0.2, instead: true },
    lasts: true,
  },
];

const names: Readonly<Record<string, string>> = Object.fromEntries(
  faults.map(({ action, title }) => [action, title]),
);

export const faultName = (action: string): string => names[action] ?? action;
