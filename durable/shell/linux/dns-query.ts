import { collect, type DnsRecord, type Fields, fieldsOf, flagOf, numberOf, recordsOf, textOf } from './events.ts'
import type { Io } from './io.ts'
import type { Lookup } from './names.ts'

export type Query = {
  readonly name: string
  readonly type: string
  readonly server: string | null
  readonly tcp: boolean
  readonly recursion: boolean
  readonly timeoutMs: number
  readonly tries: number
  readonly edns: boolean
}

export type Answer = {
  readonly server: string
  readonly tcp: boolean
  readonly micros: number
  readonly bytes: number
  readonly rcode: string
  readonly flags: readonly string[]
  readonly id: number
  readonly answers: readonly DnsRecord[]
  readonly authorities: readonly DnsRecord[]
  readonly additionals: readonly DnsRecord[]
}

export type Asked = {
  readonly answer: Answer | undefined
  /** What bind's tools say about tries without an answer, in order. */
  readonly complaints: readonly string[]
  readonly interrupted: boolean
}

/** Asks one question. `shown` is the server as the tool names it: the local stub, where that is configured. */
export function* ask(io: Io, query: Query, shown: string | undefined): Lookup<Asked> {
  const { name, type, server, tcp, recursion, timeoutMs, tries, edns } = query
  const args = { name, type, server, tcp, recursionDesired: recursion, timeoutMs, tries, edns }
  const { events, interrupted } = yield* collect(io, 'dns-query', args)
  const complaints: string[] = []
  let answer: Answer | undefined
  for (const event of events) {
    const where = server ?? shown ?? textOf(event, 'server')
    switch (event['kind']) {
      case 'answer':
        answer = readAnswer(event, shown)
        break
      case 'truncated':
        complaints.push(';; Truncated, retrying in TCP mode.')
        break
      case 'timeout':
        complaints.push(`;; communications error to ${where}#53: timed out`)
        break
      case 'refused':
        if (tcp) complaints.push(`;; Connection to ${where}#53(${where}) for ${name} failed: connection refused.`)
        else complaints.push(`;; communications error to ${where}#53: connection refused`)
        break
      case 'failed':
        complaints.push(`;; communications error to ${where}#53: ${failure(textOf(event, 'reason'))}`)
        break
      default:
        break
    }
  }
  return { answer, complaints, interrupted }
}

function failure(reason: string): string {
  switch (reason) {
    case 'no-route':
    case 'net unreachable':
      return 'network unreachable'
    case 'host unreachable':
      return 'host unreachable'
    default:
      return reason === '' ? 'timed out' : reason
  }
}

function readAnswer(event: Fields, shown: string | undefined): Answer {
  const flags = fieldsOf(event['flags'])
  return {
    server: shown ?? textOf(event, 'server'),
    tcp: flagOf(event, 'tcp'),
    micros: numberOf(event, 'micros'),
    bytes: numberOf(event, 'bytes'),
    rcode: textOf(event, 'rcode'),
    flags: ['aa', 'tc', 'rd', 'ra'].filter((name) => flagOf(flags, name)),
    id: numberOf(event, 'id'),
    answers: recordsOf(event, 'answers'),
    authorities: recordsOf(event, 'authorities'),
    additionals: recordsOf(event, 'additionals'),
  }
}

/** The address of a server given by name or number. */
export const isLiteral = (server: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(server)
