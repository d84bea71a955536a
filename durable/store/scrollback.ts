import type { Line } from './journal.ts'

/** What one console keeps to look back at. */
const LONGEST = 32 * 1024
/** Journal lines that scrollback is made of. */
export const SCROLLBACK_LINES = 400

/** A line as it stands on the terminal: the prompt, what was typed, what it printed. */
export function terminalText({ kind, status, prompt, line, output }: Line): string {
  if (status === 'queued') return ''
  return kind === 'exec' ? `${prompt}${line}\n${output}` : output
}

/** The terminals' text, made from the journal instead of being stored a second time. */
export function scrollbacks(lines: readonly Line[]): Map<string, string> {
  const texts = new Map<string, string>()
  for (const line of lines) texts.set(line.console, (texts.get(line.console) ?? '') + terminalText(line))
  for (const [console, text] of texts) if (text.length > LONGEST) texts.set(console, tail(text))
  return texts
}

function tail(text: string): string {
  const end = text.slice(-LONGEST)
  return end.slice(end.indexOf('\n') + 1)
}
