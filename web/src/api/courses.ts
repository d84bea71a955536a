import type { z } from 'zod'
import type {
  assignment,
  assignmentChange,
  assignmentShort,
  review,
  submissionShown,
  variantProof,
  work,
} from '../../../worker/courses/assignment-schemas.ts'
import type {
  course,
  courseGroup,
  coursePerson,
  otherPerson,
  rosterDone,
  rosterPreview,
} from '../../../worker/courses/schemas.ts'
import type { classTable, extension, stage } from '../../../worker/courses/table-schemas.ts'
import { call } from './http.ts'

export type Course = z.infer<typeof course>
export type CoursePerson = z.infer<typeof coursePerson>
export type OtherPerson = z.infer<typeof otherPerson>
export type CourseGroup = z.infer<typeof courseGroup>
export type RosterPreview = z.infer<typeof rosterPreview>
export type RosterDone = z.infer<typeof rosterDone>
export type AssignmentShort = z.infer<typeof assignmentShort>
export type Assignment = z.infer<typeof assignment>
export type AssignmentChange = z.input<typeof assignmentChange>
export type Work = z.infer<typeof work>
export type Submission = z.infer<typeof submissionShown>
export type Review = z.infer<typeof review>
export type VariantProof = z.infer<typeof variantProof>
export type ClassTable = z.infer<typeof classTable>
export type TableRow = ClassTable['rows'][number]
export type Stage = z.infer<typeof stage>
export type Extension = z.infer<typeof extension>
export type LabAssignment = {
  readonly kind: string
  readonly assignment: {
    readonly id: string
    readonly title: string
    readonly courseId: string
    readonly courseTitle: string
    readonly selfChecks: boolean
  } | null
  readonly part: string | null
  readonly holder: string | null
  readonly work: Work | null
}

const inCourse = (id: string, rest = '') => `/v1/courses/${encodeURIComponent(id)}${rest}`
const at = (id: string, rest = '') => `/v1/assignments/${encodeURIComponent(id)}${rest}`
const part = encodeURIComponent

export const coursesApi = {
  courses: () => call<{ courses: Course[] }>('GET', '/v1/courses'),
  todo: () => call<{ assignments: AssignmentShort[] }>('GET', '/v1/assignments'),
  makeCourse: (title: string) => call<Course>('POST', '/v1/courses', { title }),
  course: (id: string) => call<Course>('GET', inCourse(id)),
  changeCourse: (id: string, change: { title?: string; archived?: boolean }) => call<Course>('PATCH', inCourse(id), change),
  renewCode: (id: string) => call<Course>('POST', inCourse(id, '/join-code')),
  endCode: (id: string) => call<Course>('DELETE', inCourse(id, '/join-code')),
  join: (code: string) => call<{ course: { id: string; name: string } }>('POST', '/auth/join', { code }),
  people: (id: string) => call<{ people: CoursePerson[] }>('GET', inCourse(id, '/people')),
  others: (id: string) => call<{ people: OtherPerson[] }>('GET', inCourse(id, '/others')),
  addPerson: (id: string, person: string, role: string) => call<unknown>('POST', inCourse(id, '/people'), { person, role }),
  changePerson: (id: string, person: string, change: { role?: string; extraMinutes?: number; extraPercent?: number }) =>
    call<unknown>('PATCH', inCourse(id, `/people/${part(person)}`), change),
  removePerson: (id: string, person: string) => call<void>('DELETE', inCourse(id, `/people/${part(person)}`)),
  previewRoster: (id: string, csv: string) => call<RosterPreview>('POST', inCourse(id, '/roster/preview'), { csv }),
  importRoster: (id: string, csv: string) => call<RosterDone>('POST', inCourse(id, '/roster'), { csv }),
  groups: (id: string) => call<{ groups: CourseGroup[] }>('GET', inCourse(id, '/groups')),
  saveGroup: (id: string, group: string | null, body: { name: string; members: string[] }) =>
    group === null
      ? call<unknown>('POST', inCourse(id, '/groups'), body)
      : call<unknown>('PATCH', inCourse(id, `/groups/${part(group)}`), body),
  removeGroup: (id: string, group: string) => call<void>('DELETE', inCourse(id, `/groups/${part(group)}`)),
  assignments: (id: string) => call<{ assignments: AssignmentShort[] }>('GET', inCourse(id, '/assignments')),
  makeAssignment: (id: string, wish: AssignmentChange) => call<Assignment>('POST', inCourse(id, '/assignments'), wish),

  assignment: (id: string) => call<Assignment>('GET', at(id)),
  changeAssignment: (id: string, change: AssignmentChange) => call<Assignment>('PATCH', at(id), change),
  removeAssignment: (id: string) => call<void>('DELETE', at(id)),
  review: (id: string) => call<Review>('POST', at(id, '/review')),
  variants: (id: string) => call<VariantProof>('GET', at(id, '/variants')),
  publish: (id: string) => call<Assignment>('POST', at(id, '/publish')),
  archive: (id: string) => call<Assignment>('POST', at(id, '/archive')),
  open: (id: string) => call<{ labId: string }>('POST', at(id, '/open')),
  reset: (id: string, stage?: string) => call<{ labId: string }>('POST', at(id, '/reset'), stage === undefined ? {} : { stage }),
  undoReset: (id: string) => call<{ labId: string }>('POST', at(id, '/undo-reset')),
  handIn: (id: string, attempt: number) => call<Submission>('POST', at(id, '/submissions'), { attempt }),
  try: (id: string) => call<{ labId: string }>('POST', at(id, '/try')),
  table: (id: string) => call<ClassTable>('GET', at(id, '/table')),
  stages: (id: string) => call<{ stages: Stage[] }>('GET', at(id, '/stages')),
  addStage: (id: string, body: { name: string; labId: string; forAll: boolean }) =>
    call<unknown>('POST', at(id, '/stages'), body),
  changeStage: (id: string, stage: string, change: { forAll: boolean }) =>
    call<unknown>('PATCH', at(id, `/stages/${part(stage)}`), change),
  removeStage: (id: string, stage: string) => call<void>('DELETE', at(id, `/stages/${part(stage)}`)),
  giveStage: (id: string, stage: string, holders?: string[]) =>
    call<unknown>('POST', at(id, `/stages/${part(stage)}/give`), holders === undefined ? {} : { holders }),
  extensions: (id: string) => call<{ extensions: Extension[] }>('GET', at(id, '/extensions')),
  extend: (id: string, person: string, body: { dueAt: string | null; extraAttempts: number; reason: string }) =>
    call<unknown>('PUT', at(id, `/extensions/${part(person)}`), body),
  endExtension: (id: string, person: string) => call<void>('DELETE', at(id, `/extensions/${part(person)}`)),
  ofLab: (id: string) => call<LabAssignment>('GET', `/v1/labs/${part(id)}/assignment`),
}
