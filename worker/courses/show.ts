import type { z } from 'zod'
import type { CoursePart } from '../access/course-access.ts'
import type { AssignmentHead, AssignmentRow } from '../db/tenant/assignments.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import { pointsOf } from '../grading/points.ts'
import { toTime } from '../openapi.ts'
import type { assignment, assignmentShort, submissionShown, work } from './assignment-schemas.ts'
import { refusalOf } from './submit.ts'
import { type Work, type Worker, workOf } from './work.ts'

export const timeOf = (at: number | null): string | null => (at === null ? null : toTime(at))

type ListedSubmission = Awaited<ReturnType<TenantDb['submissions']['list']>>[number]

/** The points as they count: what was given for the whole is the last word, and lateness is taken off everything else. */
function finalOf({ earned, of, latePercent, overrides }: Pick<ListedSubmission, 'earned' | 'of' | 'latePercent' | 'overrides'>) {
  if (of === null) return null
  const whole = overrides.filter(({ checkId }) => checkId === '')
  return pointsOf([{ id: 'all', points: earned ?? 0, of }], whole, latePercent).final
}

export const toSubmission = (row: ListedSubmission): z.infer<typeof submissionShown> => ({
  id: row.id,
  attempt: row.attempt,
  labId: row.labId,
  by: row.byName ?? 'somebody who has left',
  submittedAt: toTime(row.submittedAt),
  lateMs: row.lateMs,
  latePercent: row.latePercent,
  state: row.state,
  points: finalOf(row),
  of: row.of,
  gradedAt: timeOf(row.gradedAt),
})

type Part = z.infer<typeof assignmentShort>['part']

export const toShort = (
  row: AssignmentHead,
  courseTitle: string,
  part: CoursePart,
  dates: Pick<AssignmentHead, 'opensAt' | 'dueAt' | 'closesAt'> = row,
): z.infer<typeof assignmentShort> => ({
  id: row.id,
  courseId: row.courseId,
  courseTitle,
  title: row.title,
  state: row.state,
  opensAt: timeOf(dates.opensAt),
  dueAt: timeOf(dates.dueAt),
  closesAt: timeOf(dates.closesAt),
  forGroups: row.forGroups,
  part: part as Part,
})

/** How it stands for a student, with everything that the page of the assignment shows. */
export async function showWork(
  tenant: TenantDb,
  row: AssignmentHead,
  person: Worker,
  now: number,
): Promise<{ work: Work; shown: z.infer<typeof work> }> {
  const mine = await workOf(tenant, row, person, now)
  const { holder, moment, dates, attempts, extended, group } = mine
  const [found, submissions, stages] = await Promise.all([
    holder === null ? undefined : tenant.copies.ofHolder(row.id, holder),
    holder === null ? [] : tenant.submissions.ofHolder(row.id, holder),
    holder === null ? [] : tenant.stages.openTo(row.id, holder),
  ])
  const refusal = refusalOf(mine, submissions.length)
  const late = 'lateMs' in moment ? moment : { lateMs: 0, latePercent: 0 }
  return {
    work: mine,
    shown: {
      group,
      members: [...mine.members],
      inNoGroup: holder === null,
      opensAt: timeOf(dates.opensAt),
      dueAt: timeOf(dates.dueAt),
      closesAt: timeOf(dates.closesAt),
      extended,
      moment: { state: moment.state, lateMs: late.lateMs, latePercent: late.latePercent },
      attempts,
      submissions: submissions.map(toSubmission),
      nextAttempt: refusal === null ? (submissions[0]?.attempt ?? 0) + 1 : null,
      whyNot: refusal?.message ?? null,
      labId: found?.lab?.state === 'ready' ? found.lab.id : null,
      canUndo: found !== undefined && found.copy.previousLabId !== null,
      stages: moment.state === 'early' ? [] : stages.map(({ id, name, givenAt }) => ({ id, name, givenAt: timeOf(givenAt) })),
    },
  }
}

/** For those who teach with all its texts, for students with what they may see. */
export async function showAssignment(
  tenant: TenantDb,
  row: AssignmentRow,
  courseTitle: string,
  part: CoursePart,
  person: Worker,
): Promise<z.infer<typeof assignment>> {
  const studies = part === 'study'
  const mine = studies ? await showWork(tenant, row, person, Date.now()) : null
  const hidden = mine?.work.moment.state === 'early'
  return {
    ...toShort(row, courseTitle, part, mine?.work.dates ?? row),
    catalogue: row.catalogueSlug,
    authoredVersion: studies ? null : row.authoredVersionId,
    brief: hidden ? null : (row.brief ?? row.labBrief),
    ownBrief: studies ? null : row.brief,
    definition: studies ? null : row.definition,
    rubric: studies ? null : row.rubric,
    rubricVersion: row.rubricVersion,
    attempts: row.attempts,
    late: row.late,
    variants: row.variants,
    selfChecks: row.selfChecks,
    counts: row.counts,
    opened: studies ? true : await tenant.assignments.hasCopies(row.id),
    work: mine?.shown ?? null,
  }
}
