import { catalogue } from '../labs/index.ts'
import type { Answer, CreateLab, LabSummary } from './contract.ts'
import { CorruptPart } from './engine/lab/upgrade.ts'
import { type LabFile, writeHistory } from './export.ts'
import type { LabKeeper } from './lab-keeper.ts'
import { readAgain } from './read-again.ts'
import { badDefinition, refuse } from './refusal.ts'
import { openRuntime } from './runtime.ts'
import { toSummary } from './summary.ts'

/** Makes the lab of an object that has none. */
export function makeLab(keeper: LabKeeper, input: CreateLab): Answer<LabSummary> {
  if (input.from === 'export') return bringLab(keeper, input.file)
  const found = input.from === 'definition' ? input : catalogue.find((one) => one.slug === input.slug)
  if (!found) return refuse(404, 'no-such-lab', 'The catalogue has no such lab.', { field: 'catalogue' })
  const opened = openRuntime(found.yaml, input.seed)
  if (!opened.ok) return badDefinition(opened.faults)
  const brief = opened.variant.fill(found.brief)
  if (brief.faults.length > 0) return badDefinition(brief.faults.map((fault) => ({ ...fault, path: 'brief' })))
  const made = { definition: found.yaml, brief: brief.text, seed: input.seed, createdAt: Date.now() }
  return { ok: true, value: toSummary(keeper.create(opened.lab, made)) }
}

function bringLab(keeper: LabKeeper, file: Uint8Array): Answer<LabSummary> {
  const brought = readAgain(file)
  if (typeof brought === 'string') return refuse(422, 'bad-file', brought, { field: 'file' })
  const opened = reopen(brought)
  if (opened instanceof CorruptPart) return refuse(422, 'bad-file', `In the file, ${opened.message}.`, { field: opened.part })
  if (!opened.ok) return badDefinition(opened.faults)
  return { ok: true, value: toSummary(keeper.bring(opened.lab, brought, () => writeHistory(keeper.db, brought))) }
}

function reopen({ definition, seed, stored }: LabFile) {
  try {
    return openRuntime(definition, seed, stored)
  } catch (error) {
    if (error instanceof CorruptPart) return error
    throw error
  }
}
