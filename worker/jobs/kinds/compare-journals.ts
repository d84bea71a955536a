import { GiveUp, type Kind } from '../../../durable/jobs/kind.ts'
import { openDatabase } from '../../db/database.ts'
import { tenantDb } from '../../db/tenant/index.ts'
import type { LabRow } from '../../db/tenant/labs.ts'
import type { Env } from '../../env.ts'
import { type Journal, type Line, similarity } from '../../grading/similarity.ts'
import { callLab } from '../../lab-stub.ts'

const PAGE = 200
/** Lines that are read of each; the latest count. */
const MOST = 2_000

/** Reads the journals of what was handed in for an assignment and says which are alike; the last attempt of each. */
export const compareJournals: Kind<Env> = {
  name: 'compare-journals',
  lane: 'labs',
  attempts: 3,
  wait: 5_000,
  factor: 4,
  longest: 60_000,
  async run(env, { owner, payload }) {
    const { assignment } = payload as { assignment: string }
    const tenant = tenantDb(openDatabase(env.DB), owner.organisationId)
    const rows = await tenant.grades.list(assignment)
    const last = new Map(rows.filter(({ submission }) => submission.labId !== null).map((row) => [row.submission.holder, row]))
    if (last.size === 0) throw new GiveUp('Nothing was handed in.')
    const journals: Journal[] = []
    for (const { submission, name } of last.values()) {
      const lab = await tenant.labs.find(submission.labId ?? '')
      if (lab === undefined || lab.state !== 'ready') continue
      journals.push({ submission: submission.id, name, lines: await linesOf(env, lab) })
    }
    return { report: { ...similarity(journals) } }
  },
}

async function linesOf(env: Env, lab: LabRow): Promise<Line[]> {
  const lines: Line[] = []
  for (let after = 0; lines.length < MOST; ) {
    const page = await callLab(env, lab, (host) => host.journal({ after, limit: PAGE }))
    // What a lab does at its beginning has no console.
    lines.push(
      ...page
        .filter(({ console }) => console !== '')
        .map(({ id, wall, console, line, exitStatus }) => ({ id, wall, console, line, exitStatus })),
    )
    if (page.length < PAGE) break
    after = page[page.length - 1].id
  }
  return lines
}
