/** A message as screens get it. Its author named it `id`; `number` is its place in the conversation, from 1 on without a gap. */
export const shownMessageColumns =
  'm.conversation_id as conversation, m.number, m.message_id as id, m.author, m.text, m.at';
