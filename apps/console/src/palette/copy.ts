/** Texts of the palette. */
export const paletteCopy = {
  title: 'Go to',
  hint: 'Extension, call, PBX or page…',
  empty: 'Nothing is called that.',
  kinds: { page: 'Pages', phone: 'Extensions', call: 'Live calls', pbx: 'PBXs' },
} as const;
