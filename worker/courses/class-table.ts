// The class at a glance: who is how far, who works, who is stuck.
import type { z } from 'zod'
import type { AssignmentHead } from '../db/tenant/assignments.ts'
import type { CheckStanding } from '../db/tenant/copies.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { Env } from '../env.ts'
import { countingOf, pointsOf } from '../grading/points.ts'
import { callLab } from '../lab-stub.ts'
import { log } from '../log.ts'
import { toTime } from '../openapi.ts'
import { hasExtraTime, type MoreTime, mostOf, noMore } from './dates.ts'
import { groupsOf } from './groups.ts'
import { timeOf } from './show.ts'
import type { classTable } from './table-schemas.ts'

/** A lab is asked at most this often, however many look at the table. */
const FRESH_MS = 30_000
/** Labs in which nobody has been for so long are not asked. */
const ASLEEP_MS = 12 * 3600 * 1000
const ABREAST = 20
/** What one request asks at most, those first that were not asked for longest: the platform bounds its calls. */
const MOST_ASKED = 200
/** Whoever is at work and passes nothing new for so long, or repeats a failing command so often, is stuck. */
const STUCK_MS = 10 * 60_000
const STUCK_TIMES = 3
const AT_WORK_MS = 15 * 60_000

type CopyListed = Awaited<ReturnType<TenantDb['copies']['list']>>[number]
type Table = z.infer<typeof classTable>

/** Asks the labs where somebody may be, and keeps what they tell. */
async function refresh(env: Env, tenant: TenantDb, copies: readonly CopyListed[], now: number): Promise<boolean> {
  const due = copies
    .filter(
      ({ lab, lastActiveAt, progress }) =>
        lab?.state === 'ready' && now - lastActiveAt < ASLEEP_MS && now - (progress?.askedAt ?? 0) > FRESH_MS,
    )
    .sort((a, b) => (a.progress?.askedAt ?? 0) - (b.progress?.askedAt ?? 0))
    .slice(0, MOST_ASKED)
  const ask = async ({ id, labId, lab }: CopyListed) => {
    if (lab === null) return
    try {
      const { at, failing } = await callLab(env, lab, (host) => host.activity())
      const told = { failingLine: failing?.line ?? null, failingSince: failing?.since ?? null, failingTimes: failing?.times ?? 0 }
      await tenant.copies.saveProgress(id, { askedAt: now, ...told })
      if (at !== null) await tenant.copies.touch({ id }, at)
    } catch (error) {
      log.warn('activity-not-told', { lab: labId, message: (error as Error).message })
    }
  }
  for (let at = 0; at < due.length; at += ABREAST) await Promise.all(due.slice(at, at + ABREAST).map(ask))
  return due.length > 0
}

/** Since when somebody at work gets nowhere; null: they do, or are not there. */
export function stuckOf(
  progress: Pick<NonNullable<CopyListed['progress']>, 'progressAt' | 'failingLine' | 'failingSince' | 'failingTimes'> | null,
  { createdAt, lastActiveAt }: Pick<CopyListed, 'createdAt' | 'lastActiveAt'>,
  allPassed: boolean,
  now: number,
): Table['rows'][number]['stuck'] {
  if (allPassed || now - lastActiveAt > AT_WORK_MS) return null
  const { progressAt, failingLine, failingSince, failingTimes } = progress ?? {
    progressAt: null,
    failingLine: null,
    failingSince: null,
    failingTimes: 0,
  }
  if (failingLine !== null && failingSince !== null && failingTimes >= STUCK_TIMES)
    return {
      since: toTime(failingSince),
      minutes: Math.floor((now - failingSince) / 60_000),
      line: failingLine,
      times: failingTimes,
    }
  const since = progressAt ?? createdAt
  if (lastActiveAt - since < STUCK_MS) return null
  return { since: toTime(since), minutes: Math.floor((now - since) / 60_000), line: null, times: 0 }
}

export async function showTable(env: Env, tenant: TenantDb, row: AssignmentHead, now: number): Promise<Table> {
  let copies = await tenant.copies.list(row.id)
  if (await refresh(env, tenant, copies, now)) copies = await tenant.copies.list(row.id)
  const [people, groups, submissions, outcomes, extensions] = await Promise.all([
    tenant.courses.people(row.courseId),
    row.forGroups ? groupsOf(tenant, row.courseId) : [],
    tenant.submissions.list(row.id),
    tenant.submissions.outcomes(row.id),
    tenant.assignments.extensions(row.id),
  ])
  const students = people.filter(({ role }) => role === 'student')
  const moreOf = (personId: string): MoreTime => {
    const given = extensions.find((one) => one.personId === personId)
    const { extraMinutes, extraPercent } = students.find(({ id }) => id === personId) ?? noMore
    return { extraMinutes, extraPercent, dueAt: given?.dueAt ?? null, extraAttempts: given?.extraAttempts ?? 0 }
  }
  const holders = row.forGroups
    ? groups.map(({ id, name, members }) => ({ holder: `group:${id}`, name, members }))
    : students.map(({ id, name }) => ({ holder: `person:${id}`, name, members: [{ id, name }] }))
  const titles = new Map<string, Table['checks'][number]>()

  const rows = holders.map(({ holder, name, members }): Table['rows'][number] => {
    const copy = copies.find((one) => one.holder === holder)
    const its = submissions.filter((one) => one.holder === holder)
    const graded = its.map((one) => {
      const checks = outcomes.get(one.id) ?? null
      return { ...one, final: checks === null ? null : pointsOf(checks, one.overrides, one.latePercent).final, checks }
    })
    const counting = countingOf(graded, row.counts)
    const self = copy?.progress?.checks ?? []
    // What was worked on last says more than what was handed in before it.
    const newer = self.length > 0 && (copy?.progress?.checkedAt ?? 0) > (counting?.submittedAt ?? 0)
    const shown: readonly (CheckStanding | NonNullable<NonNullable<typeof counting>['checks']>[number])[] = newer
      ? self
      : (counting?.checks ?? self)
    for (const { id, title, of } of shown) if (!titles.has(id)) titles.set(id, { id, title, of })
    const allPassed = shown.length > 0 && shown.every(({ outcome }) => outcome === 'pass')
    const { dueAt, closesAt } = mostOf(
      row,
      row.late,
      members.map(({ id }) => moreOf(id)),
    )
    const extended = members.some(({ id }) => {
      const more = moreOf(id)
      return more.dueAt !== null || more.extraAttempts > 0 || hasExtraTime(more)
    })
    return {
      holder,
      name,
      members,
      labId: copy?.lab?.state === 'ready' ? copy.labId : null,
      openedAt: timeOf(copy?.createdAt ?? null),
      lastActiveAt: timeOf(copy?.lastActiveAt ?? null),
      stuck: copy === undefined ? null : stuckOf(copy.progress, copy, allPassed, now),
      checks: shown.map(({ id, outcome, points, of }) => ({ id, outcome, points, of })),
      checksFrom: shown.length === 0 ? null : shown === self ? 'self-check' : 'grade',
      submissions: its.length,
      submission:
        counting === undefined
          ? null
          : {
              id: counting.id,
              attempt: counting.attempt,
              labId: counting.labId,
              submittedAt: toTime(counting.submittedAt),
              lateMs: counting.lateMs,
              state: counting.state,
              points: counting.final,
              of: counting.of,
            },
      dueAt: timeOf(dueAt),
      closesAt: timeOf(closesAt),
      extended,
    }
  })
  return { at: toTime(now), checks: [...titles.values()], rows }
}
