/** What a rule has against a file. `line` counts from 1; 0 means the file as a whole. */
export type Finding = { readonly rule: string; readonly path: string; readonly line: number; readonly message: string };

/** Writes a finding as editors and terminals know it: path, line, rule, message. */
export function formatFinding(finding: Finding): string {
  const place = finding.line === 0 ? finding.path : `${finding.path}:${finding.line}`;
  return `${place}  ${finding.rule}: ${finding.message}`;
}

/** The line that an offset into a text lies on, counted from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let index = text.indexOf('\n'); index !== -1 && index < offset; index = text.indexOf('\n', index + 1)) line += 1;
  return line;
}
