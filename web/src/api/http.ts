/** What the service answered instead of a value: a problem document, or nothing that could be read. */
export class Problem extends Error {
  readonly status: number
  readonly field: string | undefined
  /** The name of the reason, for programs. */
  readonly code: string
  /** A line of a definition or of the journal that it is about. */
  readonly line: number | undefined

  constructor(status: number, message: string, field?: string, code = '', line?: number) {
    super(message)
    this.status = status
    this.field = field
    this.code = code
    this.line = line
  }
}

type ProblemBody = { title?: unknown; detail?: unknown; message?: unknown; field?: unknown; code?: unknown; line?: unknown }

const sentence = (status: number) =>
  status === 0
    ? 'The service could not be reached.'
    : status === 401
      ? 'You are signed out.'
      : status === 403
        ? 'Your role does not allow this.'
        : status === 404
          ? 'This does not exist, or it is not shared with you.'
          : status === 429
            ? 'Too many requests. Wait a moment and try again.'
            : 'The service could not do this.'

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as ProblemBody
  const text = [body.detail, body.message, body.title].find((one) => typeof one === 'string' && one !== '')
  return new Problem(
    response.status,
    typeof text === 'string' ? text : sentence(response.status),
    typeof body.field === 'string' ? body.field : undefined,
    typeof body.code === 'string' ? body.code : '',
    typeof body.line === 'number' ? body.line : undefined,
  )
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** `key`: of somebody who is not signed in, such as whoever runs the installation. */
export async function call<T>(method: Method, path: string, body?: unknown, key?: string): Promise<T> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw new Problem(0, sentence(0))
  })
  if (!response.ok) throw await problemOf(response)
  // 204, and 202 without a body.
  if (response.headers.get('content-type') === null) return undefined as T
  return (await response.json()) as T
}
