import type { Json } from '../../engine/sim/json.ts'
import type { Got, Io, Need } from './io.ts'

/** A program's event, read field by field: what is missing or of another type is empty. */
export type Fields = { readonly [key: string]: Json | undefined }

export const fieldsOf = (value: Json | undefined): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

export const textOf = (fields: Fields, key: string): string => {
  const value = fields[key]
  return typeof value === 'string' ? value : ''
}

export const numberOf = (fields: Fields, key: string): number => {
  const value = fields[key]
  return typeof value === 'number' ? value : 0
}

export const flagOf = (fields: Fields, key: string): boolean => fields[key] === true

export type DnsRecord = { readonly name: string; readonly type: string; readonly ttl: number; readonly data: string }

export function recordsOf(fields: Fields, key: string): DnsRecord[] {
  const value = fields[key]
  if (!Array.isArray(value)) return []
  return (value as readonly Json[]).map(fieldsOf).map((record) => ({
    name: textOf(record, 'name'),
    type: textOf(record, 'type'),
    ttl: numberOf(record, 'ttl'),
    data: textOf(record, 'data'),
  }))
}

export type Ended = { readonly code: number; readonly interrupted: boolean }

/**
 * Starts a program and hands its events on until it has ended. `handle` answers false to end it early. After Ctrl-C the
 * program still reports what it has; whoever leaves this generator early takes the program along. `view` prints events of
 * which nothing is remembered: on a terminal they are taken as they come, however many (`View` in `machine/console.ts`).
 */
export function* watch(
  io: Io,
  program: string,
  args: Json,
  handle: (event: Fields) => boolean | void,
  view: (event: Fields) => boolean = () => false,
): Generator<Need, Ended, Got> {
  const pid = io.kernel.spawn(program, args)
  const need: Need = io.terminal ? { wait: pid, view: (event) => view(fieldsOf(event)) } : { wait: pid }
  let running = true
  let interrupted = false
  try {
    for (;;) {
      const got = yield need
      switch (got.kind) {
        case 'event':
          if (!view(fieldsOf(got.event)) && handle(fieldsOf(got.event)) === false) return { code: 1, interrupted }
          break
        case 'exit':
          running = false
          return { code: got.code, interrupted }
        case 'interrupt':
          if (interrupted) return { code: 1, interrupted }
          interrupted = true
          io.kernel.kill(pid)
          break
        case 'elapsed':
        case 'line':
        case 'end':
        case 'look':
        case 'one':
        case 'stop':
        case 'stopped':
          break
        default:
          got satisfies never
      }
    }
  } finally {
    if (running && !interrupted) io.kernel.kill(pid)
  }
}

/** All events of a program, for those that print nothing before it has ended. */
export function* collect(
  io: Io,
  program: string,
  args: Json,
): Generator<Need, Ended & { readonly events: readonly Fields[] }, Got> {
  const events: Fields[] = []
  const ended = yield* watch(io, program, args, (event) => {
    events.push(event)
  })
  return { ...ended, events }
}
