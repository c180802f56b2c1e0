/**
 * What the platform or an application sent must not steer the terminal: whole escape sequences are dropped, and what is left of control
 * characters (C0, DEL, C1) and of those that reorder text is made visible. Line ends and tabs become spaces: the result is one line.
 */
export function safeLine(text: string): string {
  return text
    .replaceAll(escapeSequence, '')
    .replaceAll(/[\t\n\r]/g, ' ')
    .replaceAll(unsafe, '\u{fffd}');
}

/** JSON that is safe to print on a terminal: the standard escapes only what lies below U+0020. */
export function safeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent) ?? 'null';
  return text.replaceAll(unsafeInJson, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** CSI, then OSC, DCS, SOS, PM and APC up to their ends, then the shorter ones (ECMA-48 §5.3, §5.4, §5.6). */
const escapeSequence =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]{0,4096}(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]{0,8}[0-~]/g;

/** Besides control characters: directional marks, embeddings, overrides and isolates, line and paragraph separators. */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const unsafeInJson = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
