import {
  ChatChannel,
  StatusChannel,
  type ConversationMessage,
} from '@trunkline/realtime-client/conversations';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useConnection } from './use-connection.ts';
import { useRealtime } from './realtime-provider.tsx';

/** So many messages are kept; older ones are the application's to fetch. */
const messagesMax = 500;

export interface Conversation {
  readonly messages: readonly ConversationMessage[];
  readonly isConnected: boolean;
  readonly isThinking: boolean;
  readonly isExtracting: boolean;
  readonly isSummaryGenerating: boolean;
  /** False when the connection is not open. */
  readonly sendMessage: (text: string) => boolean;
}

const nothing = { isThinking: false, isExtracting: false, isSummaryGenerating: false };

/** What is said in a conversation from now on, and what its assistant is at. */
export function useConversation(id: string): Conversation {
  const { client } = useRealtime();
  const { isConnected } = useConnection();
  const [messages, setMessages] = useState<readonly ConversationMessage[]>([]);
  const [states, setStates] = useState(nothing);
  const chat = useRef<ChatChannel>(null);

  useEffect(() => {
    const channel = new ChatChannel({ client });
    const status = new StatusChannel({ client });
    const readStates = () => {
      const { isThinking, isExtracting, isSummaryGenerating } = status;
      setStates({ isThinking, isExtracting, isSummaryGenerating });
    };
    channel.onMessage((message) => {
      if (message.type.startsWith('chat_')) setMessages((known) => [...known, message].slice(-messagesMax));
    });
    status.onStatusChange(readStates);
    status.setOnCloseCallback(readStates);
    channel.connect(id);
    status.connect(id);
    chat.current = channel;
    return () => {
      channel.disconnect();
      status.disconnect();
      chat.current = null;
      setMessages([]);
      setStates(nothing);
    };
  }, [client, id]);

  const sendMessage = useCallback((text: string) => chat.current?.sendMessage(text) ?? false, []);
  return { messages, isConnected, ...states, sendMessage };
}
