import { app } from './app.ts'
import type { Env } from './env.ts'
import { sweep } from './retention/retention.ts'

export { LabHost } from '../durable/lab-host.ts'
export { Jobs } from './jobs/jobs.ts'

export default { fetch: app.fetch, scheduled: (_event, env) => sweep(env) } satisfies ExportedHandler<Env>
