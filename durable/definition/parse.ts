import type { LabDefinition } from '../engine/lab/definition.ts'
import { LIMITS } from '../protocol.ts'
import { withSurroundings } from './around.ts'
import { schemaFaults } from './faults.ts'
import { referenceFaults } from './references.ts'
import { labSource } from './schema.ts'
import type { Fault } from './source.ts'
import { toDefinition } from './to-definition.ts'
import type { Forced } from './variants/draw.ts'
import { readTemplate, type Template, type Variant } from './variants/template.ts'

/** Raise it when LabDefinition changes: definitions that were stored in another format are parsed again. */
export const DEFINITION_FORMAT = 4

export type Refused = { readonly ok: false; readonly faults: readonly Fault[] }
export type Parsed = { readonly ok: true; readonly definition: LabDefinition; readonly variant: Variant } | Refused

/**
 * A lab.yaml as the engine wants it, with the values that this seed draws, or everything that is wrong with it, each fault with
 * line, field and reason.
 */
export function parseDefinition(yaml: string, seed = 0): Parsed {
  const read = openTemplate(yaml)
  return read.ok ? parseFilled(read.template, seed) : read
}

/** For many seeds of the same file: its text is read once. */
export function openTemplate(yaml: string): { readonly ok: true; readonly template: Template } | Refused {
  if (yaml.length > LIMITS.definition)
    return { ok: false, faults: [{ line: 1, path: '', reason: `the file is longer than ${LIMITS.definition} characters` }] }
  const template = readTemplate(yaml)
  return 'faults' in template ? { ok: false, faults: template.faults } : { ok: true, template }
}

export function parseFilled(template: Template, seed: number, forced?: Forced): Parsed {
  const filled = template.at(seed, forced)
  if ('faults' in filled) return { ok: false, faults: filled.faults }
  const { source, variant } = filled
  const parsed = labSource.safeParse(withSurroundings(source.data))
  if (!parsed.success) return { ok: false, faults: schemaFaults(parsed.error.issues, source) }
  const faults = referenceFaults(parsed.data).map(({ path, reason }) => source.fault(path, reason))
  return faults.length > 0
    ? { ok: false, faults: faults.sort((a, b) => a.line - b.line) }
    : { ok: true, definition: toDefinition(parsed.data), variant }
}

export const faultText = ({ line, path, reason }: Fault): string => `line ${line}: ${path === '' ? '' : `${path} `}${reason}`
