// The boundary of the engine: what a host may import.
import type { LabDefinition } from './definition.ts'
import { Lab } from './lab.ts'
import type { Shells, StoredLab } from './lab-api.ts'

export { Lab } from './lab.ts'
export { ENGINE_VERSION } from './rows.ts'
export { EVENT_BUDGET } from './turner.ts'

/** Builds a lab, powers everything on and lets it settle. */
export const buildLab = (definition: LabDefinition, seed: number, shells: Shells): Lab => new Lab(definition, seed, shells)

/** Puts a stored lab back, at the very moment it was stored. */
export const restoreLab = (definition: LabDefinition, seed: number, shells: Shells, stored: StoredLab): Lab =>
  new Lab(definition, seed, shells, stored)
