// What a student or group has to do for an assignment, and how it stands.
import type { CoursePart } from '../access/course-access.ts'
import type { AssignmentHead } from '../db/tenant/assignments.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import { noGroupYet } from './copies.ts'
import { attemptsFor, type Dates, hasExtraTime, type Moment, momentOf, mostOf } from './dates.ts'

export type Work = {
  /** Null: the assignment is for groups, and they are in none. */
  readonly holder: string | null
  readonly group: { readonly id: string; readonly name: string } | null
  /** Who shares it. */
  readonly members: readonly { readonly id: string; readonly name: string }[]
  readonly dates: Dates
  readonly moment: Moment
  /** Submissions that may be made; null: any number. */
  readonly attempts: number | null
  /** Somebody gave more time or attempts than others have. */
  readonly extended: { readonly reason: string } | null
}

export type Worker = { readonly id: string; readonly name: string }

/** How the assignment stands for one student, at a moment. */
export async function workOf(tenant: TenantDb, assignment: AssignmentHead, person: Worker, now: number): Promise<Work> {
  const { id, courseId, forGroups, late } = assignment
  const rows = forGroups ? await tenant.assignments.groupOf(courseId, person.id) : []
  const [first] = rows
  const group = first === undefined ? null : { id: first.id, name: first.name }
  const members = forGroups ? rows.map((row) => ({ id: row.personId, name: row.personName })) : [person]
  const more =
    members.length === 0
      ? []
      : await tenant.assignments.moreTime(
          id,
          members.map((one) => one.id),
        )
  const times = more.map(({ extraMinutes, extraPercent, dueAt, extraAttempts }) => {
    return { extraMinutes, extraPercent, dueAt, extraAttempts: extraAttempts ?? 0 }
  })
  const { extraAttempts, ...dates } = mostOf(assignment, late, times)
  const given = more.find(({ reason }) => reason !== null)
  return {
    holder: forGroups ? (group === null ? null : `group:${group.id}`) : `person:${person.id}`,
    group,
    members,
    dates,
    moment: momentOf(dates, late, now),
    attempts: attemptsFor(assignment.attempts, extraAttempts),
    extended: given === undefined && !more.some(hasExtraTime) ? null : { reason: given?.reason ?? '' },
  }
}

export function holderOfWork({ holder }: Work): string {
  if (holder === null) throw noGroupYet()
  return holder
}

/** Who may see texts that students see only once the assignment is open. */
export const seesTexts = (part: CoursePart, { moment }: Pick<Work, 'moment'>): boolean =>
  part !== 'study' || moment.state !== 'early'
