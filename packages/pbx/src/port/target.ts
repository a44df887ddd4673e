/** Kinds of PBX that there are adapters for. */
export const vendors = ['yeastar', 'asterisk-ari', 'asterisk-ami'] as const;
export type Vendor = (typeof vendors)[number];

export const isVendor = (text: string): text is Vendor => (vendors as readonly string[]).includes(text);

/** Whose certificate is believed. There is no "any": whoever wants no TLS says so in the address (http, tcp). */
export type Trust =
  | { readonly kind: 'public' }
  | { readonly kind: 'authority'; readonly pem: string }
  /** SHA-256 of the certificate (DER), 64 lower-case hex digits. Host name and expiry don't matter then. */
  | { readonly kind: 'fingerprint'; readonly sha256: string };

export interface Credential {
  readonly username: string;
  readonly secret: string;
}

/** Everything needed to reach one PBX. */
export interface PbxTarget {
  readonly id: string;
  readonly vendor: Vendor;
  /** yeastar and asterisk-ari: https://host:port or http://…; asterisk-ami: tls://host:port or tcp://… */
  readonly address: URL;
  readonly trust: Trust;
  readonly credential: Credential;
  readonly options: PbxOptions;
}

/** What differs from installation to installation. Every option has a default. */
export interface PbxOptions {
  /** ARI: the application under which events are subscribed; one socket may hold it. */
  readonly application?: string | undefined;
  /** Asterisk: one group that finds the extension's number in a channel or device name, such as `^PJSIP/(\d+)`. */
  readonly extensionPattern?: string | undefined;
  /** Asterisk: the context into which originated calls are dialled. */
  readonly context?: string | undefined;
  /** Asterisk: one group that finds the trunk in a channel name. */
  readonly trunkPattern?: string | undefined;
  /**
   * AMI: the file that the dial plan records into, such as `{uniqueid}.wav`, with what is known of the recorded channel in
   * braces: `{uniqueid}`, `{linkedid}`, `{channel}`, `{number}` (of who called), `{exten}`.
   */
  readonly recordingPattern?: string | undefined;
}
