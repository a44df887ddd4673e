/** Texts of recordings, where they are heard. */
export const recordingsCopy = {
  title: 'Recordings',
  states: {
    pending: 'The sound is being fetched from the PBX.',
    failed: (why: string | null) => `The sound could not be fetched${why === null ? '.' : `: ${why}`}`,
    deleted: 'The sound was deleted. That there was one stays known.',
  },
  load: 'Listen',
  play: 'Play',
  pause: 'Pause',
  place: 'Place in the recording',
  of: (at: string, length: string) => `${at} of ${length}`,
  speed: 'Speed',
  speedOf: (speed: number) => `${speed}×`,
  download: 'Download',
  remove: 'Delete…',
  removeTitle: 'Delete this recording?',
  removeBody: 'The sound is gone for good. That there was a recording stays known, and who deleted it.',
  removeAction: 'Delete recording',
  broken: 'This browser can’t play it. Download it instead.',
} as const;
