import type { Evidence } from '../../../durable/grading/report.ts'
import type { GradeLine } from '../../../worker/grading/grade-list.ts'
import type { Job, JobResult } from '../../../worker/grading/schemas.ts'
import type { Similarity } from '../../../worker/grading/similarity.ts'
import type { SubmissionDetails } from '../../../worker/grading/submission-schemas.ts'
import { call } from './http.ts'

export type { Evidence, GradeLine, Job, JobResult, Similarity, SubmissionDetails }
export type Check = NonNullable<SubmissionDetails['grade']>['checks'][number]
export type Overview = {
  readonly assignments: readonly {
    readonly id: string
    readonly title: string
    readonly course: string
    readonly submissions: number
    readonly ungraded: number
    readonly requests: number
    readonly last: string
  }[]
  readonly mine: readonly {
    readonly id: string
    readonly title: string
    readonly course: string
    readonly attempt: number
    readonly submittedAt: string
    readonly state: string
    readonly points: number | null
    readonly of: number | null
  }[]
}
export type Grades = {
  readonly assignment: {
    readonly id: string
    readonly title: string
    readonly rubricVersion: number
    readonly counts: 'last' | 'best'
  }
  readonly course: { readonly id: string; readonly title: string }
  /** To grade, to answer requests and to compare journals. */
  readonly mayGrade: boolean
  readonly mayManage: boolean
  readonly grades: readonly GradeLine[]
}
export type Rubrics = {
  readonly version: number
  readonly rubric: string | null
  readonly definition: string
  readonly before: readonly {
    readonly version: number
    readonly reason: string
    readonly by: string
    readonly createdAt: string
  }[]
}
export type WaitingRequest = SubmissionDetails['requests'][number] & { readonly submission: string }
export type Webhook = {
  readonly id: string
  readonly label: string
  readonly url: string
  readonly events: readonly string[]
  readonly paused: boolean
  readonly createdBy: string
  readonly createdAt: string
  readonly oldSecretUntil: string | null
}
export type Delivery = {
  readonly id: string
  readonly event: string
  readonly state: 'waiting' | 'delivered' | 'failed'
  readonly attempts: number
  readonly status: number | null
  readonly answer: string
  readonly payload: string
  readonly createdAt: string
  readonly triedAt: string | null
}

const submission = (id: string) => `/v1/submissions/${encodeURIComponent(id)}`
const assignment = (id: string) => `/v1/assignments/${encodeURIComponent(id)}`
const hook = (id: string) => `/v1/webhooks/${encodeURIComponent(id)}`

export const grading = {
  overview: () => call<Overview>('GET', '/v1/grading/overview'),
  submission: (id: string) => call<SubmissionDetails>('GET', submission(id)),
  evidence: (id: string, check: string) =>
    call<{ digest: string; evidence: Evidence }>('GET', `${submission(id)}/checks/${encodeURIComponent(check)}/evidence`),
  archiveAddress: (id: string) => `${submission(id)}/archive`,
  regradeOne: (id: string) => call<{ job: Job }>('POST', `${submission(id)}/regrade`),
  comment: (id: string, check: string | null, text: string) =>
    call<unknown>('POST', `${submission(id)}/comments`, { check, text }),
  removeComment: (id: string, comment: string) => call<void>('DELETE', `${submission(id)}/comments/${comment}`),
  override: (id: string, given: { check: string | null; points: number; reason: string }) =>
    call<unknown>('PUT', `${submission(id)}/override`, given),
  endOverride: (id: string, check: string | null) =>
    call<void>('DELETE', `${submission(id)}/override${check === null ? '' : `?check=${encodeURIComponent(check)}`}`),
  ask: (id: string, check: string | null, text: string) =>
    call<unknown>('POST', `${submission(id)}/regrade-requests`, { check, text }),
  answer: (id: string, request: string, answer: { accept: boolean; answer: string; points?: number }) =>
    call<unknown>('POST', `${submission(id)}/regrade-requests/${request}/answer`, answer),

  grades: (id: string) => call<Grades>('GET', `${assignment(id)}/grades`),
  rubrics: (id: string) => call<Rubrics>('GET', `${assignment(id)}/rubrics`),
  requests: (id: string) => call<{ requests: WaitingRequest[] }>('GET', `${assignment(id)}/regrade-requests`),
  regrade: (id: string, wish: { reason: string; rubric?: string | null }) =>
    call<{ job: Job }>('POST', `${assignment(id)}/regrade`, wish),
  compare: (id: string) => call<{ job: Job }>('POST', `${assignment(id)}/similarity`),
  tableAddress: (id: string) => `${assignment(id)}/grades.csv`,
  junitAddress: (id: string) => `${assignment(id)}/grades.xml`,

  jobs: () => call<{ jobs: Job[] }>('GET', '/v1/jobs'),
  job: (id: string) => call<Job>('GET', `/v1/jobs/${id}`),
  results: (id: string, after: number, changed: boolean) =>
    call<{ results: JobResult[]; next: number | null }>(
      'GET',
      `/v1/jobs/${id}/results?after=${after}${changed ? '&changed=1' : ''}`,
    ),
  cancel: (id: string) => call<Job>('POST', `/v1/jobs/${id}/cancel`),
  retry: (id: string) => call<{ job: Job }>('POST', `/v1/jobs/${id}/retry`),

  webhooks: () => call<{ webhooks: Webhook[] }>('GET', '/v1/webhooks'),
  addWebhook: (wish: { label: string; url: string; events: readonly string[] }) =>
    call<Webhook & { secret: string }>('POST', '/v1/webhooks', wish),
  changeWebhook: (id: string, change: { paused?: boolean }) => call<Webhook>('PATCH', hook(id), change),
  removeWebhook: (id: string) => call<void>('DELETE', hook(id)),
  rotate: (id: string) => call<Webhook & { secret: string }>('POST', `${hook(id)}/rotate`),
  test: (id: string) => call<Delivery>('POST', `${hook(id)}/test`),
  deliveries: (id: string) => call<{ deliveries: Delivery[] }>('GET', `${hook(id)}/deliveries`),
  sendAgain: (id: string, delivery: string) =>
    call<Delivery>('POST', `${hook(id)}/deliveries/${encodeURIComponent(delivery)}/again`),
}
