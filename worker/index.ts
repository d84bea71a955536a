import { app } from './app.ts'
import type { Env } from './env.ts'

export { LabHost } from '../durable/lab-host.ts'
export { Jobs } from './jobs/jobs.ts'

export default { fetch: app.fetch } satisfies ExportedHandler<Env>
