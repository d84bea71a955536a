import type { Edit } from './line-editor.ts'

export type Key =
  | { readonly kind: 'edit'; readonly edit: Edit }
  | {
      readonly kind:
        | 'enter'
        | 'up'
        | 'down'
        | 'tab'
        | 'back-tab'
        | 'interrupt'
        | 'clear-screen'
        | 'escape'
        | 'end-of-input'
        | 'suspend'
    }

const ESC = '\x1b'

const sequences: ReadonlyMap<string, Key> = new Map<string, Key>([
  ['\r', { kind: 'enter' }],
  ['\n', { kind: 'enter' }],
  ['\t', { kind: 'tab' }],
  [`${ESC}[Z`, { kind: 'back-tab' }],
  ['\x03', { kind: 'interrupt' }],
  ['\x0c', { kind: 'clear-screen' }],
  [ESC, { kind: 'escape' }],
  [`${ESC}[A`, { kind: 'up' }],
  [`${ESC}[B`, { kind: 'down' }],
  ['\x10', { kind: 'up' }],
  ['\x0e', { kind: 'down' }],
  [`${ESC}[C`, { kind: 'edit', edit: { kind: 'right' } }],
  [`${ESC}[D`, { kind: 'edit', edit: { kind: 'left' } }],
  ['\x06', { kind: 'edit', edit: { kind: 'right' } }],
  ['\x02', { kind: 'edit', edit: { kind: 'left' } }],
  [`${ESC}[1;5C`, { kind: 'edit', edit: { kind: 'word-right' } }],
  [`${ESC}[1;5D`, { kind: 'edit', edit: { kind: 'word-left' } }],
  [`${ESC}[H`, { kind: 'edit', edit: { kind: 'home' } }],
  [`${ESC}[F`, { kind: 'edit', edit: { kind: 'end' } }],
  ['\x01', { kind: 'edit', edit: { kind: 'home' } }],
  ['\x05', { kind: 'edit', edit: { kind: 'end' } }],
  ['\x7f', { kind: 'edit', edit: { kind: 'backspace' } }],
  ['\b', { kind: 'edit', edit: { kind: 'kill-word' } }],
  [`${ESC}[3~`, { kind: 'edit', edit: { kind: 'delete' } }],
  ['\x04', { kind: 'end-of-input' }],
  ['\x1a', { kind: 'suspend' }],
  ['\x0b', { kind: 'edit', edit: { kind: 'kill-end' } }],
  ['\x15', { kind: 'edit', edit: { kind: 'kill-start' } }],
  ['\x17', { kind: 'edit', edit: { kind: 'kill-word' } }],
])

/** What a terminal sends for one key press or one paste. A paste of several lines enters all but the last. */
export function readKeys(data: string): Key[] {
  const one = sequences.get(data)
  if (one !== undefined) return [one]
  if (data.startsWith(ESC)) {
    const pasted = data.startsWith(`${ESC}[200~`) ? data.slice(6).replace(`${ESC}[201~`, '') : null
    return pasted === null ? [] : readText(pasted)
  }
  return readText(data)
}

function readText(data: string): Key[] {
  const keys: Key[] = []
  data.split(/\r\n|\r|\n/).forEach((part, index) => {
    if (index > 0) keys.push({ kind: 'enter' })
    const text = part.replaceAll('\t', ' ').replace(/[\x00-\x1f\x7f]/g, '')
    if (text !== '') keys.push({ kind: 'edit', edit: { kind: 'insert', text } })
  })
  return keys
}
