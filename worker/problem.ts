import { z } from '@hono/zod-openapi'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Refusal } from '../durable/contract.ts'

/** RFC 9457. `code` is the last part of `type`, for programs; `detail` is for people. */
export const problemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    field: z.string().optional().describe('the first thing that is wrong, as a path: `machines.0.name`'),
    line: z.number().int().optional().describe('line of a lab definition, or of the history of a lab'),
    errors: z
      .array(z.object({ in: z.string(), path: z.string(), message: z.string(), line: z.number().int().optional() }))
      .optional(),
    errorId: z.string().optional().describe('quote it when reporting a fault of the service; the log has it'),
  })
  .meta({ id: 'Problem' })
export type ProblemDocument = z.infer<typeof problemDocument>

type Extra = Pick<ProblemDocument, 'field' | 'line' | 'errors' | 'errorId'>

/** Thrown anywhere below a route, answered by `onError` of the app. */
export class Problem extends Error {
  readonly status: ContentfulStatusCode
  readonly code: string
  readonly extra: Extra
  readonly headers: Record<string, string>

  constructor(
    status: ContentfulStatusCode,
    code: string,
    detail: string,
    extra: Extra = {},
    headers: Record<string, string> = {},
  ) {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.extra = extra
    this.headers = headers
  }

  toResponse(): Response {
    const title = this.code.charAt(0).toUpperCase() + this.code.slice(1).replaceAll('-', ' ')
    const document: ProblemDocument = {
      type: `urn:switchroom:problem:${this.code}`,
      title,
      status: this.status,
      detail: this.message,
      code: this.code,
      ...this.extra,
    }
    return Response.json(document, {
      status: this.status,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...this.headers },
    })
  }
}

/** The lab's own no. A lab that is busy or full asks to be tried again. */
export function fromRefusal(refusal: Refusal): Problem {
  const { status, code, message, field, line } = refusal
  const extra = { ...(field !== undefined && { field }), ...(line !== undefined && { line }) }
  return new Problem(status, code, message, extra, status === 429 || status === 503 ? { 'retry-after': '1' } : {})
}

// The same words whether the lab never was, is gone, or is somebody else's.
export const noSuchLab = () => new Problem(404, 'not-found', 'There is no such lab.')

export const tooLarge = (limit: number, field?: string) =>
  new Problem(413, 'too-large', `At most ${limit} bytes are accepted here.`, field === undefined ? {} : { field })
