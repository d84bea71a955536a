import type { LabDefinition } from '../engine/lab/definition.ts'
import { LIMITS } from '../protocol.ts'
import { withSurroundings } from './around.ts'
import { schemaFaults } from './faults.ts'
import { referenceFaults } from './references.ts'
import { labSource } from './schema.ts'
import { type Fault, pathText, readSource } from './source.ts'
import { toDefinition } from './to-definition.ts'

/** Raise it when LabDefinition changes: definitions that were stored in another format are parsed again. */
export const DEFINITION_FORMAT = 2

export type Parsed =
  | { readonly ok: true; readonly definition: LabDefinition }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** A lab.yaml as the engine wants it, or everything that is wrong with it, each fault with line, field and reason. */
export function parseDefinition(yaml: string): Parsed {
  if (yaml.length > LIMITS.definition)
    return { ok: false, faults: [{ line: 1, path: '', reason: `the file is longer than ${LIMITS.definition} characters` }] }
  const read = readSource(yaml)
  if ('faults' in read) return { ok: false, faults: read.faults }
  const { source } = read
  const parsed = labSource.safeParse(withSurroundings(source.data))
  if (!parsed.success) return { ok: false, faults: schemaFaults(parsed.error.issues, source) }
  const faults = referenceFaults(parsed.data).map(({ path, reason }) => ({
    line: source.lineOf(path),
    path: pathText(path),
    reason,
  }))
  return faults.length > 0
    ? { ok: false, faults: faults.sort((a, b) => a.line - b.line) }
    : { ok: true, definition: toDefinition(parsed.data) }
}

export const faultText = ({ line, path, reason }: Fault): string => `line ${line}: ${path === '' ? '' : `${path} `}${reason}`
