import { call } from './http.ts'

export type PlatformSettings = {
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  readonly authUrl: string
  readonly tokenUrl: string
  readonly jwksUrl: string
  readonly tokenAudience: string | null
  readonly frameOrigins: readonly string[]
  readonly instructorRole: 'teacher' | 'assistant'
  readonly deploymentIds: readonly string[]
}
export type Platform = PlatformSettings & {
  readonly id: string
  readonly createdAt: string
  readonly lastLaunchAt: string | null
}
export type SigningKey = { readonly kid: string; readonly state: 'next' | 'current' | 'previous'; readonly createdAt: string }
export type Overview = {
  readonly ready: boolean
  readonly tool: { readonly loginUrl: string; readonly launchUrl: string; readonly jwksUrl: string; readonly domain: string }
  readonly keys: readonly SigningKey[]
  readonly platforms: readonly Platform[]
}
type Named = { readonly id: string; readonly title: string }
export type CourseThere = {
  readonly id: string
  readonly title: string
  readonly platform: Named
  readonly course: Named | null
  readonly roster: boolean
  readonly gradeBook: boolean
  readonly rosterAt: string | null
}
export type ReturnedGrade = {
  readonly assignment: Named
  readonly person: { readonly id: string; readonly name: string }
  readonly state: 'waiting' | 'sent' | 'failed'
  readonly points: number | null
  readonly of: number | null
  readonly error: string | null
  readonly attempts: number
  readonly updatedAt: string
}
export type RosterRead = {
  readonly found: number
  readonly added: number
  readonly inactive: number
  readonly wrong: readonly string[]
  /** Members whose turn comes when it is asked again. */
  readonly left: number
}
export type Launch = {
  readonly kind: 'link' | 'deep-link'
  readonly platform: string
  readonly courseThere: string | null
  readonly linkTitle: string | null
  readonly course: Named | null
  readonly mayConnect: boolean
  readonly several: boolean
  readonly answerPath: string | null
  readonly courses: readonly Named[]
  readonly assignments: readonly (Named & { readonly state: 'draft' | 'published' | 'archived'; readonly dueAt: string | null })[]
}
export type Step = { readonly step: 'keys' | 'token'; readonly ok: boolean; readonly message: string }

const platform = (id: string) => `/v1/lti/platforms/${encodeURIComponent(id)}`
const course = (id: string) => `/v1/lti/courses/${encodeURIComponent(id)}`
const launch = (id: string) => `/v1/lti/launches/${encodeURIComponent(id)}`

export const lti = {
  overview: () => call<Overview>('GET', '/v1/lti'),
  add: (wish: Partial<PlatformSettings>) => call<Platform>('POST', '/v1/lti/platforms', wish),
  change: (id: string, set: Partial<PlatformSettings>) => call<Platform>('PATCH', platform(id), set),
  remove: (id: string) => call<void>('DELETE', platform(id)),
  test: (id: string) => call<{ steps: Step[] }>('POST', `${platform(id)}/test`),
  rotate: (force: boolean) => call<{ keys: SigningKey[] }>('POST', '/v1/lti/keys/rotate', { force }),
  courses: () => call<{ courses: CourseThere[] }>('GET', '/v1/lti/courses'),
  ourCourses: () => call<{ courses: { id: string; title: string }[] }>('GET', '/v1/courses'),
  connect: (id: string, to: string | null) => call<void>('PATCH', course(id), { course: to }),
  readRoster: (id: string) => call<RosterRead>('POST', `${course(id)}/roster`),
  grades: (id: string) => call<{ grades: ReturnedGrade[] }>('GET', `${course(id)}/grades`),
  sendGrades: (id: string) => call<{ sending: number }>('POST', `${course(id)}/grades`),
  launch: (id: string) => call<Launch>('GET', launch(id)),
  chooseCourse: (id: string, wish: { course: string } | { title: string }) => call<Launch>('POST', `${launch(id)}/course`, wish),
  chooseAssignment: (id: string, assignment: string) =>
    call<{ course: string }>('POST', `${launch(id)}/assignment`, { assignment }),
}
