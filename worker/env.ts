import type { Caller } from '../durable/contract.ts'
import type { CoursePart } from './access/course-access.ts'
import type { Access } from './access/lab-access.ts'
import type { Actor } from './auth/actor.ts'
import type { AssignmentHead } from './db/tenant/assignments.ts'
import type { CourseRow } from './db/tenant/courses.ts'
import type { TenantDb } from './db/tenant/index.ts'
import type { LabRow } from './db/tenant/labs.ts'
import type { Mailer } from './mail/mail.ts'
import type { Marked, Submitted } from './open-submission.ts'

/** What wrangler.toml binds, and the secrets. */
export type Env = {
  readonly DB: D1Database
  readonly LAB_HOST: DurableObjectNamespace
  readonly JOBS: DurableObjectNamespace
  readonly ASSETS?: Fetcher
  /** Labs an organisation may have, when it is not the usual number. */
  readonly LAB_QUOTA?: string
  /** `allow`: this computer may be called from here. For local runs and tests. */
  readonly OUTBOUND_LOOPBACK?: string
  /** Protects the private keys of learning platforms at rest. Without it none can be used. */
  readonly LTI_KEY_SECRET?: string
  /** Opens an empty instance for its first owner; worthless as soon as an organisation exists. */
  readonly FIRST_OWNER_TOKEN?: string
  /** JSON, see auth/oidc-config.ts. */
  readonly OIDC_PROVIDERS?: string
  /** Signs what must survive the way to a provider and back; without it, OIDC_PROVIDERS does. */
  readonly AUTH_SECRET?: string
  /** Where letters are posted (mail/http-mailer.ts), with which key, and from whom they are. */
  readonly MAIL_URL?: string
  readonly MAIL_KEY?: string
  readonly MAIL_FROM?: string
  /** Tests give one in the place of the configured one. */
  readonly MAILER?: Mailer
  /** Whoever has it may make, limit and suspend organisations. */
  readonly OPERATOR_KEY?: string
}

/** Set by `openCourse` and `openAssignment`; the part is that of the actor in the course. */
export type CourseVariables = {
  course: Pick<CourseRow, 'id' | 'title' | 'archivedAt'> & Partial<CourseRow>
  part: CoursePart
  assignment: AssignmentHead
}

/** Set by `openSubmission` and `openGrades`. */
export type GradingVariables = { submitted: Submitted; marked: Marked; mayGrade: boolean; mayManage: boolean }

/**
 * `actor` and `tenant` are set by `allow`, and with `lab`, `access` and `caller` (the actor as the lab sees them) by `openLab`;
 * a route that names the middleware may read them.
 */
export type AppEnv = {
  Bindings: Env
  Variables: { actor: Actor; tenant: TenantDb; lab: LabRow; access: Access; caller: Caller } & CourseVariables & GradingVariables
}
