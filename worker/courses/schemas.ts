import { roles } from '../auth/actor.ts'
import { time, z } from '../openapi.ts'

// Bodies of courses and assignments, as the API and the console know them.

const id = z.string().min(1).max(64)
export const title = z.string().trim().min(1, 'Give it a name.').max(160)
export const courseRole = z.enum(['assistant', 'student', 'observer'])
export const part = z.enum(['study', 'watch', 'assist', 'manage']).describe('what you may do in the course')

export const courseId = z.strictObject({ course: id })
export const assignmentId = z.strictObject({ assignment: id })

export const course = z
  .object({
    id: z.string(),
    title: z.string(),
    part,
    students: z.number(),
    archived: z.boolean(),
    createdAt: time,
    joinCode: z.string().nullable().describe('what students type to join; null for those who may not see it, or when it is off'),
  })
  .meta({ id: 'Course' })

export const coursePerson = z
  .object({
    id: z.string(),
    name: z.string(),
    role: courseRole,
    extraMinutes: z.number().describe('every assignment is due so much later for this student'),
    extraPercent: z.number().describe('and by so many percent of the time between its opening and its due date'),
    group: z.object({ id: z.string(), name: z.string() }).nullable(),
  })
  .meta({ id: 'CoursePerson' })

export const otherPerson = z.object({ id: z.string(), name: z.string(), role: z.enum(roles) }).meta({ id: 'OtherPerson' })

export const courseGroup = z
  .object({ id: z.string(), name: z.string(), members: z.array(z.object({ id: z.string(), name: z.string() })) })
  .meta({ id: 'CourseGroup' })

const LONGEST = 512 * 1024
export const rosterRequest = z
  .strictObject({ csv: z.string().min(1, 'The file is empty.').max(LONGEST, `At most ${LONGEST} characters.`) })
  .meta({ id: 'Roster' })
export const rosterFault = z
  .object({
    line: z.number().describe('of the file, counted from 1'),
    column: z.string().describe('as the first line calls it'),
    message: z.string(),
  })
  .meta({ id: 'RosterFault' })
export const rosterRow = z
  .object({
    line: z.number(),
    name: z.string(),
    email: z.string().nullable(),
    role: courseRole,
    group: z.string().nullable(),
    becomes: z.enum(['new', 'known', 'enrolled']).describe('a new person, one of the organisation, or in the course already'),
  })
  .meta({ id: 'RosterRow' })
export const rosterPreview = z
  .object({ rows: z.array(rosterRow), faults: z.array(rosterFault), columns: z.array(z.string()), ignored: z.array(z.string()) })
  .meta({ id: 'RosterPreview' })
export const rosterDone = z
  .object({
    added: z.number(),
    known: z.number(),
    links: z.array(
      z.object({
        name: z.string(),
        email: z.string().nullable(),
        path: z.string().describe('signs them in, once, within a week'),
      }),
    ),
  })
  .meta({ id: 'RosterImported' })
