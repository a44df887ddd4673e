export interface PolicyOptions {
  /** Sources of what index.html holds inline, such as `'sha256-…'`. */
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  /** Origins beside its own that the page speaks to. */
  readonly connects: readonly string[];
  /** For style elements that the page makes itself. */
  readonly nonce: string;
}

/** For the console: its own files, the identity provider and push, nothing else, and framed by nobody. */
export const contentSecurityPolicy = ({ scripts, styles, connects, nonce }: PolicyOptions): string =>
  [
    "default-src 'none'",
    ['script-src', "'self'", ...scripts].join(' '),
    ['style-src', "'self'", `'nonce-${nonce}'`, ...styles].join(' '),
    "img-src 'self' data: blob:",
    // Recordings that are heard: by their link, or once they are in memory.
    "media-src 'self' blob:",
    "font-src 'self'",
    ['connect-src', "'self'", ...connects].join(' '),
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** What connects to a URL needs in a policy: its origin. Null for none. */
export const originOf = (url: string | null | undefined): readonly string[] =>
  url === null || url === undefined ? [] : [`${new URL(url).protocol}//${new URL(url).host}`];

/** Some browsers don't count a WebSocket of the same address as `'self'`. */
export const socketOriginOf = (publicUrl: string | undefined): readonly string[] =>
  originOf(publicUrl).map((origin) => origin.replace(/^http/, 'ws'));
