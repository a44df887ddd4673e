// oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to show
const control = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from outside as it may be shown: what a PBX said could steer the terminal or break lines otherwise. JSON needs none
 * of this, since it escapes by itself.
 */
export const plain = (text: string): string =>
  text.replace(control, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
