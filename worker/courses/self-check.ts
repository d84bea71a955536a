import type { Context } from 'hono'
import type { CheckStanding } from '../db/tenant/copies.ts'
import type { AppEnv } from '../env.ts'
import { Problem } from '../problem.ts'

type Result = Omit<CheckStanding, 'passedAt'>

const closedTo = (c: Context<AppEnv>, { selfChecks }: { readonly selfChecks: boolean }): boolean =>
  !selfChecks && c.get('access') !== 'teach' && ['copy', 'submission'].includes(c.get('lab').kind)

/** Whether whoever asks may run the checks of the lab now. */
export async function mayCheck(c: Context<AppEnv>): Promise<boolean> {
  const { assignmentId } = c.get('lab')
  const row = assignmentId === null ? undefined : await c.get('tenant').assignments.read(assignmentId)
  return row === undefined || !closedTo(c, row)
}

/** Of a lab of an assignment: the rubric that checks it instead of its own checks. Throws when students may not run them. */
export async function selfCheckOf(c: Context<AppEnv>): Promise<{ readonly rubric: string | undefined } | null> {
  const { assignmentId } = c.get('lab')
  if (assignmentId === null) return null
  const row = await c.get('tenant').assignments.read(assignmentId)
  if (row === undefined) return null
  if (closedTo(c, row))
    throw new Problem(
      403,
      'no-self-checks',
      'Your teacher has switched the checks off for this assignment. Hand in when you are done.',
    )
  return { rubric: row.rubric ?? undefined }
}

/** For the class table: what is passed by now, and when it first was. */
export async function noteSelfCheck(c: Context<AppEnv>, results: readonly Result[]): Promise<void> {
  const lab = c.get('lab')
  if (lab.kind !== 'copy') return
  const { copies } = c.get('tenant')
  const copy = await copies.ofLab(lab.id)
  if (copy === undefined) return
  const before = await copies.progress(copy.id)
  const now = Date.now()
  const { checks, progressed } = standingAfter(before?.checks ?? [], results, now)
  await copies.saveProgress(copy.id, { checks, checkedAt: now, ...(progressed && { progressAt: now }) })
}

/** What is passed now with the time when it first was; and whether anything is passed that never was. */
export function standingAfter(before: readonly CheckStanding[], results: readonly Result[], now: number) {
  const first = new Map(before.map(({ id, passedAt }) => [id, passedAt]))
  let progressed = false
  const checks = results.map(({ id, title, outcome, points, of }): CheckStanding => {
    const sooner = first.get(id) ?? null
    if (outcome === 'pass' && sooner === null) progressed = true
    return { id, title, outcome, points, of, passedAt: sooner ?? (outcome === 'pass' ? now : null) }
  })
  return { checks, progressed }
}
