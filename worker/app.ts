import { notFound, onError } from './errors.ts'
import { idempotency } from './idempotency/idempotency.ts'
import { newRoutes } from './openapi.ts'
import { acceptRoutes } from './routes/accept.ts'
import { accountRoutes } from './routes/account.ts'
import { assignmentRoutes } from './routes/assignments.ts'
import { attachRoutes } from './routes/attach.ts'
import { auditRoutes } from './routes/audit.ts'
import { authRoutes } from './routes/auth.ts'
import { authoredLabRoutes } from './routes/authored-labs.ts'
import { authoredTrialRoutes } from './routes/authored-trials.ts'
import { authoredVersionRoutes } from './routes/authored-versions.ts'
import { catalogueRoutes } from './routes/catalogue.ts'
import { chatRoutes } from './routes/chat.ts'
import { classTableRoutes } from './routes/class-table.ts'
import { commandRoutes } from './routes/commands.ts'
import { coursePeopleRoutes } from './routes/course-people.ts'
import { courseRoutes } from './routes/courses.ts'
import { explainRoutes } from './routes/explain.ts'
import { gradingRoutes } from './routes/grading.ts'
import { historyRoutes } from './routes/history.ts'
import { invitationRoutes } from './routes/invitations.ts'
import { jobRoutes } from './routes/jobs.ts'
import { joinRoutes } from './routes/join.ts'
import { labRoutes } from './routes/labs.ts'
import { linkRoutes } from './routes/links.ts'
import { ltiRoutes } from './routes/lti.ts'
import { ltiCourseRoutes } from './routes/lti-courses.ts'
import { ltiLaunchRoutes } from './routes/lti-launches.ts'
import { ltiPlatformRoutes } from './routes/lti-platforms.ts'
import { memberRoutes } from './routes/members.ts'
import { oidcRoutes } from './routes/oidc.ts'
import { operatorRoutes } from './routes/operator.ts'
import { organisationRoutes } from './routes/organisation.ts'
import { organisationExportRoutes } from './routes/organisation-export.ts'
import { packetRoutes } from './routes/packets.ts'
import { personalRoutes } from './routes/personal.ts'
import { portRoutes } from './routes/ports.ts'
import { settingsRoutes } from './routes/settings.ts'
import { signInRoutes } from './routes/sign-in.ts'
import { socketRoutes } from './routes/socket.ts'
import { stateRoutes } from './routes/state.ts'
import { studentWorkRoutes } from './routes/student-work.ts'
import { submissionRemarkRoutes } from './routes/submission-remarks.ts'
import { submissionRoutes } from './routes/submissions.ts'
import { systemRoutes } from './routes/system.ts'
import { taskRoutes } from './routes/tasks.ts'
import { timeRoutes } from './routes/time.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { secureHeaders } from './secure-headers.ts'

const base = newRoutes()
base.use(secureHeaders)
base.use('/v1/*', idempotency)

// One expression, because the client's types come from the chain.
const routes = base
  .route('/', systemRoutes)
  .route('/', authRoutes)
  .route('/', signInRoutes)
  .route('/', oidcRoutes)
  .route('/', joinRoutes)
  .route('/', acceptRoutes)
  .route('/', invitationRoutes)
  .route('/', organisationRoutes)
  .route('/', memberRoutes)
  .route('/', settingsRoutes)
  .route('/', auditRoutes)
  .route('/', accountRoutes)
  .route('/', personalRoutes)
  .route('/', operatorRoutes)
  .route('/', organisationExportRoutes)
  .route('/', catalogueRoutes)
  .route('/', authoredLabRoutes)
  .route('/', authoredVersionRoutes)
  .route('/', authoredTrialRoutes)
  .route('/', labRoutes)
  .route('/', commandRoutes)
  .route('/', chatRoutes)
  .route('/', stateRoutes)
  .route('/', taskRoutes)
  .route('/', packetRoutes)
  .route('/', timeRoutes)
  .route('/', explainRoutes)
  .route('/', historyRoutes)
  .route('/', linkRoutes)
  .route('/', portRoutes)
  .route('/', attachRoutes)
  .route('/', socketRoutes)
  .route('/', ltiRoutes)
  .route('/', courseRoutes)
  .route('/', coursePeopleRoutes)
  .route('/', assignmentRoutes)
  .route('/', studentWorkRoutes)
  .route('/', gradingRoutes)
  .route('/', jobRoutes)
  .route('/', submissionRemarkRoutes)
  .route('/', submissionRoutes)
  .route('/', webhookRoutes)
  .route('/', ltiPlatformRoutes)
  .route('/', ltiCourseRoutes)
  .route('/', ltiLaunchRoutes)
  .route('/', classTableRoutes)
export type AppType = typeof routes

routes.openAPIRegistry.registerComponent('securitySchemes', 'key', {
  type: 'http',
  scheme: 'bearer',
  description: 'A key of the organisation: `sr_…`',
})
routes.openAPIRegistry.registerComponent('securitySchemes', 'session', {
  type: 'apiKey',
  in: 'cookie',
  name: 'switchroom_session',
})
routes.openAPIRegistry.registerComponent('securitySchemes', 'operator', {
  type: 'http',
  scheme: 'bearer',
  description: 'The key of whoever runs the installation (OPERATOR_KEY)',
})
routes.openAPIRegistry.registerComponent('securitySchemes', 'portToken', {
  type: 'http',
  scheme: 'bearer',
  description: 'A token for one port of one lab: `srp_…`',
})
routes.doc31('/openapi.json', {
  openapi: '3.1.0',
  info: { title: 'Switchroom', version: '1', description: 'Network labs in which every frame is real.' },
})
routes.onError(onError)
routes.notFound(notFound)

export const app = routes
