const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** `04:37`, from an hour `1:04:37`, from a day `2 d 4 h`. Never negative. */
export function elapsedText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds >= day) return `${Math.floor(seconds / day)} d ${Math.floor((seconds % day) / hour)} h`;
  const rest = `${two(Math.floor((seconds % hour) / minute))}:${two(seconds % minute)}`;
  return seconds >= hour ? `${Math.floor(seconds / hour)}:${rest}` : rest;
}

/** How a person would say it aloud: `41 seconds`, `4 minutes`. */
export function elapsedSpoken(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < minute) return counted(seconds, 'second');
  if (seconds < hour) return counted(Math.floor(seconds / minute), 'minute');
  if (seconds < day) return counted(Math.floor(seconds / hour), 'hour');
  return counted(Math.floor(seconds / day), 'day');
}

/** What is left, rounded up: a countdown that says 0 has ended. */
export function countdownText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds <= 0) return 'any moment';
  return seconds < minute ? `${seconds} s` : elapsedText(seconds * 1_000);
}

/** For headers; it changes once a minute. */
export function agoText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 5) return 'just now';
  if (seconds < minute) return `${seconds} s ago`;
  if (seconds < hour) return `${Math.floor(seconds / minute)} min ago`;
  if (seconds < day) return `${Math.floor(seconds / hour)} h ago`;
  return `${Math.floor(seconds / day)} d ago`;
}

const two = (number: number): string => String(number).padStart(2, '0');
const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;
