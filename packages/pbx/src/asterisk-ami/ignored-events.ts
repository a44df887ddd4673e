/** Events that tell nothing of who talks to whom; rows of lists that nobody waits for any more are among them. */
const names = `
  AgentCalled AgentComplete AgentConnect AgentDump AgentLogin AgentLogoff AgentRingNoAnswer
  AttendedTransfer BlindTransfer BridgeCreate BridgeDestroy BridgeInfoChannel BridgeListItem
  BridgeMerge BridgeVideoSourceUpdate CEL Cdr ChallengeSent ChanSpyStart ChanSpyStop ChannelReload
  ChannelTalkingStart ChannelTalkingStop ConfbridgeEnd ConfbridgeJoin ConfbridgeLeave ConfbridgeMute
  ConfbridgeStart ConfbridgeTalking ConfbridgeUnmute ContactList ContactStatus CoreShowChannel
  DTMFBegin DTMFEnd DeviceStateChanged EndpointList FailedACL Flash FullyBooted HangupRequest Hook
  InvalidAccountID InvalidPassword Load LocalBridge LocalOptimizationBegin LocalOptimizationEnd
  MemoryLimit MessageWaiting MixMonitorMute MixMonitorStart MusicOnHoldStart
  MusicOnHoldStop NewAccountCode NewConnectedLine Newexten OriginateResponse ParkedCall
  ParkedCallGiveUp ParkedCallTimeOut PeerEntry PeerStatus Pickup PresenceStateChange PresenceStatus
  QueueCallerAbandon QueueCallerJoin QueueCallerLeave QueueMember QueueMemberAdded QueueMemberPause
  QueueMemberPenalty QueueMemberRemoved QueueMemberRinginuse QueueMemberStatus QueueParams
  QueueSummary RTCPReceived RTCPSent Registry Reload Rename RequestBadFormat SoftHangupRequest Status
  SuccessfulAuth UnParkedCall Unload UserEvent VarSet Wink
`;

export const ignoredEvents: ReadonlySet<string> = new Set(names.split(/\s+/).filter((name) => name !== ''));
