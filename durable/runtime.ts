import { parseDefinition } from './definition/parse.ts'
import { parseAgain } from './definition/parsed-before.ts'
import type { Fault } from './definition/source.ts'
import type { Variant } from './definition/variants/index.ts'
import type { LabDefinition } from './engine/lab/definition.ts'
import { buildLab, restoreLab } from './engine/lab/index.ts'
import type { LabApi, Shells, StoredLab } from './engine/lab/lab-api.ts'
import { bash } from './shell/linux/index.ts'
import { powershell } from './shell/powershell/index.ts'
import { router } from './shell/router/index.ts'

/** Which shell a person meets on which operating system. */
export const shells: Shells = { 'windows-11': powershell, 'ubuntu-24.04': bash, router, server: bash }

export type Opened =
  | { readonly ok: true; readonly lab: LabApi; readonly variant: Variant }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/**
 * A lab out of its lab.yaml: built anew (powered on and settled), or as it was stored. Nothing here belongs to a platform:
 * the lab host, the command line and the benchmarks all open labs this way.
 */
export function openRuntime(yaml: string, seed: number, stored?: StoredLab): Opened {
  // What was stored comes in numbers, when a class opens copies of it.
  const parsed = stored === undefined ? parseDefinition(yaml, seed) : parseAgain(yaml, seed)
  return parsed.ok ? { ok: true, lab: openParsed(parsed.definition, seed, stored), variant: parsed.variant } : parsed
}

export const openParsed = (definition: LabDefinition, seed: number, stored?: StoredLab): LabApi =>
  stored ? restoreLab(definition, seed, shells, stored) : buildLab(definition, seed, shells)
