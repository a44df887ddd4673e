/** What every client may count on and must keep to. `hello` tells the limits of the server at hand, which may be wider. */
export const limits = {
  /** A message of the client, in bytes of UTF-8. */
  messageBytesMax: 32 * 1024,
  /** Topics of one connection. */
  topicsMax: 256,
  /** Topics named in one message. */
  topicsAtOnceMax: 256,
  topicLettersMax: 300,
  /** Of a ping's id, a command's id and its key. */
  idLettersMax: 128,
  tokenLettersMax: 16 * 1024,
  /** Sustained, and at once. */
  messagesPerSecond: 20,
  messagesAtOnce: 100,
  /** Commands that a connection may have under way. */
  commandsAtOnceMax: 16,
  /** Of a message in a conversation. */
  textLettersMax: 4_000,
  /** The longest that a command may ask to stay valid. */
  commandMsMax: 60_000,
} as const;
