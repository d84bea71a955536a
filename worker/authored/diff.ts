import { structuredPatch } from 'diff'
import type { LabTexts } from '../db/tenant/authored.ts'
import type { z } from '../openapi.ts'
import type { textDiff } from './schemas.ts'

type Diff = z.infer<typeof textDiff>
type File = Diff['files'][number]

/** Lines that may differ before comparing would take too long. */
const MOST_EDITS = 4_000

function compare(file: string, older: string, newer: string): File {
  const patch = structuredPatch(file, file, older, newer, '', '', { context: 3, maxEditLength: MOST_EDITS })
  if (patch === undefined) return { file, added: 0, removed: 0, hunks: [], tooDifferent: true }
  const hunks = patch.hunks.map((hunk) => {
    let from = hunk.oldStart
    let to = hunk.newStart
    return hunk.lines
      .filter((line) => !line.startsWith('\\'))
      .map((line) => {
        const text = line.slice(1)
        if (line.startsWith('+')) return { kind: 'added' as const, from: null, to: to++, text }
        if (line.startsWith('-')) return { kind: 'removed' as const, from: from++, to: null, text }
        return { kind: 'same' as const, from: from++, to: to++, text }
      })
  })
  const count = (kind: string) => hunks.flat().filter((line) => line.kind === kind).length
  return { file, added: count('added'), removed: count('removed'), hunks, tooDifferent: false }
}

/** What changed between two texts of a lab, by line; files that are alike are left out. */
export function diffTexts(older: LabTexts, newer: LabTexts): Diff {
  const scripts = (texts: LabTexts) => new Map(texts.solutions.map(({ name, text }) => [name, text]))
  const [before, after] = [scripts(older), scripts(newer)]
  const names = [...new Set([...before.keys(), ...after.keys()])]
  const pairs: [string, string, string][] = [
    ['definition', older.definition, newer.definition],
    ['brief', older.brief, newer.brief],
    ...names.map((name): [string, string, string] => [name, before.get(name) ?? '', after.get(name) ?? '']),
  ]
  return { files: pairs.filter(([, one, other]) => one !== other).map(([file, one, other]) => compare(file, one, other)) }
}
