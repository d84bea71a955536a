import { addressOf, machineOf, tried, type Verb } from './context.ts'

type Answer = {
  readonly kind: string
  readonly rcode?: string
  readonly answers?: readonly { readonly type: string; readonly data: string }[]
  readonly reason?: string
}

/** One question to one server (or by the system's own order), in a copy. */
export const resolves: Verb<'resolves'> = ({ machine, name, server, tcp, to, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const own = server === '' || server === 'default'
  const address = own ? null : addressOf(context, machine, server)
  if (address === undefined) return { couldNotRun: `${machine} knows no address for ${server}.` }
  const wanted = to === '' ? undefined : (addressOf(context, machine, to) ?? to)
  const copy = context.copy()
  const { events, packets } =
    own && !tcp
      ? copy.runProgram(machine, 'resolve', { name, type: 'A' })
      : copy.runProgram(machine, 'dns-query', {
          name,
          type: 'A',
          server: address,
          tcp,
          recursionDesired: true,
          timeoutMs: 2000,
          tries: 2,
        })
  const answers = events.flatMap((event) => {
    const e = event as Answer & { records?: Answer['answers'] }
    return [...(e.answers ?? []), ...(e.records ?? [])].filter((record) => record.type === 'A').map((record) => record.data)
  })
  const resolved = answers.length > 0 && (wanted === undefined || answers.includes(wanted))
  const what = answers.length > 0 ? `answered ${answers.join(', ')}` : failure(events as unknown as Answer[])
  return {
    passed: resolved === expect,
    message: `${name} asked by ${machine} ${own ? 'of its own servers' : `of ${address}`}${tcp ? ' over TCP' : ''}: ${what}.`,
    ...tried(copy, packets),
  }
}

function failure(events: readonly Answer[]): string {
  for (const event of events) {
    if (event.kind === 'answer') return `answered ${event.rcode} without an address`
    if (event.kind === 'refused') return 'nothing listens there'
    if (event.kind === 'failed') return event.reason ?? 'failed'
    if (event.kind === 'not-found') return 'does not exist'
  }
  return 'no answer'
}
