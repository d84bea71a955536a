import type { Json } from '../../sim/json.ts'
import { hostOf, machineOf, tried, type Verb } from './context.ts'

/** A ping of two requests, in a copy. */
export const reaches: Verb<'reaches'> = ({ machine, target, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const host = hostOf(context, machine, target)
  if (host === undefined) return { couldNotRun: `${target} has no address.` }
  const dialect = found.kernel.identity().os === 'windows-11' ? 'windows' : 'linux'
  const args = { host, count: 2, size: 32, timeoutMs: 4000, intervalMs: 1000, dialect }
  const copy = context.copy()
  const { events, packets } = copy.runProgram(machine, 'ping', args)
  const answered = events.some((event) => kindOf(event) === 'reply')
  const why = answered ? 'an answer came' : reasonOf(events)
  return {
    passed: answered === expect,
    message: `A ping from ${machine} to ${target}${target === host ? '' : ` (${host})`}: ${why}.`,
    ...tried(copy, packets),
  }
}

const kindOf = (event: Json): string => (event as { kind: string }).kind

function reasonOf(events: readonly Json[]): string {
  for (const event of events) {
    const e = event as { kind: string; name?: string; from?: string; code?: string; reason?: string }
    if (e.kind === 'unresolved') return `the name ${e.name} did not resolve`
    if (e.kind === 'unreachable') return `${e.from} says ${e.code} unreachable`
    if (e.kind === 'failed') return `it could not be sent (${e.reason})`
  }
  return 'no answer came'
}
