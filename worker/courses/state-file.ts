import type { LabRow } from '../db/tenant/labs.ts'
import type { Env } from '../env.ts'
import { callLab } from '../lab-stub.ts'

// A class opens the same assignment at once. The state that their labs are made of is fetched once in each place where the
// Worker runs and kept: the lab that it comes out of belongs to nobody and never changes.

/** Files that are kept, and bytes that they may have together. */
const MOST = 32
const MOST_BYTES = 32 * 1024 * 1024
/** A request looks this often whether another one has fetched it, and no longer than this. */
const LOOK_MS = 25
const LONGEST_MS = 3_000

const files = new Map<string, Uint8Array>()
const underway = new Set<string>()

function keep(id: string, file: Uint8Array): void {
  files.set(id, file)
  let bytes = [...files.values()].reduce((sum, one) => sum + one.length, 0)
  for (const [oldest, one] of files) {
    if (files.size <= MOST && bytes <= MOST_BYTES) break
    if (oldest === id) continue
    files.delete(oldest)
    bytes -= one.length
  }
}

/** The file of a lab, if it is here. */
export function keptState(labId: string): Uint8Array | undefined {
  const kept = files.get(labId)
  // What was used last goes last.
  if (kept !== undefined && files.delete(labId)) files.set(labId, kept)
  return kept
}

/** The file of a lab that nobody works in: a template or a stage. */
export async function stateFile(env: Env, lab: Pick<LabRow, 'id' | 'objectId' | 'jurisdiction'>): Promise<Uint8Array> {
  // A promise of another request must not be awaited, so each waits for itself.
  for (let waited = 0; underway.has(lab.id) && waited < LONGEST_MS; waited += LOOK_MS)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  const kept = keptState(lab.id)
  if (kept !== undefined) return kept
  underway.add(lab.id)
  try {
    const file = await callLab(env, lab, (host) => host.export())
    keep(lab.id, file)
    return file
  } finally {
    underway.delete(lab.id)
  }
}
