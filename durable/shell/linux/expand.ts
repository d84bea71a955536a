import type { Got, Need, Run } from './io.ts'
import type { Session } from './session.ts'
import type { List, Part, Word } from './syntax.ts'

/** Runs a command substitution; its text arrives through `out`. */
export type Substitute = (list: List, out: (text: string) => void) => Run

type Steps<T> = Generator<Need, T, Got>

/** Words to fields: variables, `$( )`, tilde, field splitting, quote removal. Names of files are not matched. */
export function* expandWords(words: readonly Word[], session: Session, substitute: Substitute): Steps<string[]> {
  const fields: string[] = []
  for (const word of words) {
    let field: string | undefined
    for (const [i, part] of word.entries()) {
      const value = yield* expandPart(part, i === 0, session, substitute)
      if (part.kind === 'text' || part.quoted) {
        field = (field ?? '') + value
        continue
      }
      const pieces = value.split(/[ \t\n]+/)
      for (const [n, piece] of pieces.entries()) {
        if (n > 0 && field !== undefined) {
          fields.push(field)
          field = undefined
        }
        if (piece !== '') field = (field ?? '') + piece
      }
    }
    if (field !== undefined) fields.push(field)
  }
  return fields
}

/** A word that stays one field: what follows `=` or `>`. */
export function* expandWord(word: Word, session: Session, substitute: Substitute): Steps<string> {
  let text = ''
  for (const [i, part] of word.entries()) text += yield* expandPart(part, i === 0, session, substitute)
  return text
}

function* expandPart(part: Part, first: boolean, session: Session, substitute: Substitute): Steps<string> {
  switch (part.kind) {
    case 'text':
      return first && !part.quoted ? tilde(part.text, session) : part.text
    case 'variable':
      return variable(part.name, session)
    case 'command': {
      let text = ''
      session.status = yield* substitute(part.list, (piece) => {
        text += piece
      })
      return text.replace(/\n+$/, '')
    }
    default:
      part satisfies never
      return ''
  }
}

const tilde = (text: string, session: Session): string =>
  text === '~' || text.startsWith('~/') ? (session.variables.get('HOME') ?? session.home) + text.slice(1) : text

function variable(name: string, session: Session): string {
  switch (name) {
    case '?':
      return String(session.status)
    case '#':
      return '0'
    case '0':
      return '-bash'
    case '$':
      return '1001'
    case '-':
      return 'himBHs'
    case 'PWD':
      return session.cwd
    default:
      return session.variables.get(name) ?? ''
  }
}
