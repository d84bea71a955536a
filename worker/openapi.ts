import { createRoute, OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi'
import type { AppEnv } from './env.ts'
import { problemDocument } from './problem.ts'
import { refuseInvalid } from './validation.ts'

export { createRoute, z }

/** A group of routes. Errors are thrown, and answered by the app's `onError`. */
export const newRoutes = () => new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid })

const reasons = {
  400: 'The request is not valid; the document names the field',
  401: 'Not signed in',
  403: 'Not allowed for this role or key',
  404: 'Not found, here or in this organisation',
  409: 'Not possible in the present state',
  413: 'Too large',
  415: 'Not JSON',
  422: 'Refused; the document names line, path and reason',
  426: 'Only as a WebSocket',
  429: 'Too many',
  503: 'The lab cannot answer now',
} as const
type Reason = keyof typeof reasons
type Answer = { description: string; content: { 'application/problem+json': { schema: typeof problemDocument } } }

/** The problems that a route can answer with, for its description. */
export function problems<S extends Reason>(...statuses: S[]): Record<S, Answer> {
  const answers = statuses.map((status) => [
    status,
    { description: reasons[status], content: { 'application/problem+json': { schema: problemDocument } } },
  ])
  return Object.fromEntries(answers) as Record<S, Answer>
}

/** What every route on a lab can answer. */
export const labProblems = problems(400, 401, 403, 404, 409, 503)

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
export const body = <T extends z.ZodType>(schema: T) => ({ required: true as const, content: { 'application/json': { schema } } })
export const text = (type: string, description: string) => ({ description, content: { [type]: { schema: z.string() } } })
export const bytes = (type: string, description: string) => ({
  description,
  content: { [type]: { schema: z.string().meta({ format: 'binary' }) } },
})

export const labId = z.strictObject({ id: z.string().meta({ description: 'the lab', example: 'k3v9m2x7q4w8b5n6c1z0' }) })
export const security: RouteConfig['security'] = [{ key: [] }, { session: [] }]

/** A whole number in a path or query. Not coerced: that would read nothing, `0x10` and `1e3` as numbers too. */
export const whole = (minimum: number, maximum = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, 'This is not a whole number.')
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum))
    .openapi({ type: 'integer', minimum, ...(maximum < Number.MAX_SAFE_INTEGER && { maximum }) })

export const time = z.iso.datetime()
export const toTime = (milliseconds: number) => new Date(milliseconds).toISOString()
