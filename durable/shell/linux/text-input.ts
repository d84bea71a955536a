import { openFile, splitLines } from './files.ts'
import type { Got, Io, Need } from './io.ts'

export type Source = { readonly name: string; readonly next: () => Generator<Need, string | undefined, Got> }

/**
 * The inputs of a text filter: named files, or standard input for `-` and when none is named. Lines come one by one, so
 * that a filter at the end of a pipe answers while its source still runs. What cannot be opened is told at once.
 */
export function sources(
  command: string,
  names: readonly string[],
  io: Io,
  complaint: (name: string, fault: string) => string = (name, fault) => `${name}: ${fault}`,
): { readonly list: Source[]; readonly failed: boolean } {
  const list: Source[] = []
  let failed = false
  for (const name of names.length === 0 ? ['-'] : names) {
    if (name === '-' || name === '/dev/stdin') {
      list.push({ name: '(standard input)', next: standardInput })
      continue
    }
    const file = openFile(io, name)
    if ('fault' in file) {
      io.err(`${command}: ${complaint(name, file.fault)}\n`)
      failed = true
      continue
    }
    list.push({ name, next: fromLines(splitLines(file.text)) })
  }
  return { list, failed }
}

function* standardInput(): Generator<Need, string | undefined, Got> {
  const got = yield { read: true }
  return got.kind === 'line' ? got.line : undefined
}

function fromLines(lines: readonly string[]): Source['next'] {
  let at = 0
  return function* () {
    yield* [] as Need[]
    return lines[at++]
  }
}

/** Reads everything: for filters that need the last line before they can write the first. */
export function* readAll(list: readonly Source[]): Generator<Need, string[], Got> {
  const lines: string[] = []
  for (const source of list) {
    for (let line = yield* source.next(); line !== undefined; line = yield* source.next()) lines.push(line)
  }
  return lines
}

export const chomp = (line: string): string => (line.endsWith('\n') ? line.slice(0, -1) : line)
