// A typed client of the HTTP interface: paths, bodies and answers are those of the routes themselves, so that what does not fit does
// not compile. `switchroom(url, key)` is the whole interface; the rest are the few things that every program needs.
import { hc } from 'hono/client'
import type { AppType } from '../worker/app.ts'

export type Options = {
  /** Another `fetch`, for tests and for programs with a proxy. */
  readonly fetch?: typeof fetch
}

/** What the service refused: a problem document (RFC 9457). */
export class SwitchroomProblem extends Error {
  override readonly name = 'SwitchroomProblem'
  readonly status: number
  readonly code: string
  readonly field: string | undefined
  readonly line: number | undefined

  constructor(
    status: number,
    body: { readonly detail?: string; readonly code?: string; readonly field?: string; readonly line?: number },
  ) {
    super(body.detail ?? `The service answered ${status}.`)
    this.status = status
    this.code = body.code ?? ''
    this.field = body.field
    this.line = body.line
  }
}

const RETRIES = 4
const PATIENCE_MS = 500
const LOOK_AGAIN_MS = 300
/** Whoever is told to come back later than this is told so, instead of waiting. */
const LONGEST_WAIT_MS = 60_000

/** Also what is not ready yet, and a request that was sent again while the first one is still under way. */
const comesLater = ({ status, headers }: Response): boolean =>
  status === 503 || status === 429 || (status === 409 && headers.has('retry-after'))

/**
 * The whole interface: `api.v1.labs.$post({ json: { catalogue: 'nat-network' } })`. Every POST carries an idempotency key, so that
 * it can be sent again when no answer came, and is, a few times.
 */
export function switchroom(url: string, key: string, { fetch: send = fetch }: Options = {}) {
  const sure = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${key}`)
    if (init.method === 'POST' && !headers.has('idempotency-key')) headers.set('idempotency-key', crypto.randomUUID())
    for (let attempt = 0; ; attempt++) {
      const answer = await send(input, { ...init, headers }).catch((error: unknown) => {
        if (attempt >= RETRIES) throw error
        return null
      })
      if (answer !== null && (!comesLater(answer) || attempt >= RETRIES)) return answer
      const wait = Number(answer?.headers.get('retry-after') ?? 0) * 1000
      if (answer !== null && wait > LONGEST_WAIT_MS) return answer
      await sleep(Math.max(wait, PATIENCE_MS * 2 ** attempt))
    }
  }
  return hc<AppType>(url, { fetch: sure as typeof fetch })
}
export type Switchroom = ReturnType<typeof switchroom>

type Answered = { readonly ok: boolean; readonly status: number; json(): Promise<unknown> }
/** Of all bodies that a route answers with, those that are not problems. */
type Good<T> = T extends { readonly type: string; readonly status: number; readonly detail: string } ? never : T

/** The body of an answer, or a thrown `SwitchroomProblem`. */
export async function value<R extends Answered>(asking: Promise<R>): Promise<Good<Awaited<ReturnType<R['json']>>>> {
  const answer = await asking
  const body = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new SwitchroomProblem(answer.status, body as object)
  return body as Good<Awaited<ReturnType<R['json']>>>
}

/** Asks until a job has ended. `told` hears how far it is. */
export async function followJob(api: Switchroom, job: string, told: (done: number, total: number) => void = () => {}) {
  for (;;) {
    const now = await value(api.v1.jobs[':job'].$get({ param: { job } }))
    told(now.done + now.failed + now.cancelled, now.total)
    if (now.state !== 'running') return now
    await sleep(LOOK_AGAIN_MS)
  }
}

/** Types a line and waits for its end; what still runs then is told with what it has printed so far. */
export const type = (api: Switchroom, lab: string, console: string, line: string) =>
  value(api.v1.labs[':id'].exec.$post({ param: { id: lab }, json: { console, line, clientId: crypto.randomUUID() } }))

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
