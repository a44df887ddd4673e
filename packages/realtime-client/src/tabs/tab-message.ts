/** What tabs say to the one that holds the socket. `socket` names the virtual socket it is about. */
export type ToHub =
  | { readonly to: 'hub'; readonly kind: 'open'; readonly socket: string; readonly protocols: string[] }
  | { readonly to: 'hub'; readonly kind: 'send'; readonly socket: string; readonly text: string }
  | { readonly to: 'hub'; readonly kind: 'close'; readonly socket: string };

/** What it says to them: to the virtual sockets named, or to all that hang on one real socket. */
export type FromHub =
  | { readonly to: 'tabs'; readonly kind: 'leads' }
  | { readonly to: 'tabs'; readonly kind: 'opened'; readonly socket: string; readonly upstream: string }
  | {
      readonly to: 'tabs';
      readonly kind: 'text';
      readonly socket?: string;
      readonly upstream: string;
      readonly text: string;
    }
  | {
      readonly to: 'tabs';
      readonly kind: 'closed';
      readonly upstream: string;
      readonly code: number;
      readonly reason: string;
    };

export type TabMessage = ToHub | FromHub;
