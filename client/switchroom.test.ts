import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SwitchroomProblem, switchroom, value } from './switchroom.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A service that gives these answers, one after the other. */
function serviceOf(...answers: (Response | Error)[]) {
  const keys: (string | null)[] = []
  const fetch = (async (_: unknown, init?: RequestInit) => {
    keys.push(new Headers(init?.headers).get('idempotency-key'))
    const next = answers.shift()
    if (next === undefined || next instanceof Error) throw next ?? new Error('nobody asked for this')
    return next
  }) as typeof globalThis.fetch
  return { keys, left: answers, api: switchroom('https://lab.example.org', 'sr_key', { fetch }) }
}
const problem = (status: number, code: string, retryAfter?: string) =>
  Response.json(
    { type: `urn:switchroom:problem:${code}`, status, detail: `It is ${code}.`, code },
    { status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } },
  )
const made = () => Response.json({ id: 'lab1' }, { status: 201 })

async function outcome<T>(asking: Promise<T>): Promise<T | Error> {
  const ended = asking.catch((error: Error) => error)
  await vi.runAllTimersAsync()
  return ended
}

it('a request that was not answered is sent again under the same key, also while the first one is under way', async () => {
  const { api, keys, left } = serviceOf(
    new Error('connection lost'),
    problem(409, 'in-progress', '1'),
    problem(503, 'lab-unreachable', '1'),
    made(),
  )
  expect(await outcome(value(api.v1.labs.$post({ json: { catalogue: 'nat-network' } })))).toEqual({ id: 'lab1' })
  expect(left).toEqual([])
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
  expect(new Set(keys).size).toBe(1)
})

it('what will not be better is told at once, and so is what would be better only in an hour', async () => {
  for (const refused of [problem(409, 'frozen'), problem(429, 'too-many', '3600'), problem(422, 'bad-definition')]) {
    const { api, keys } = serviceOf(refused)
    const error = await outcome(value(api.v1.labs.$post({ json: { catalogue: 'nat-network' } })))
    expect(error).toBeInstanceOf(SwitchroomProblem)
    expect(error).toMatchObject({ status: refused.status })
    expect(keys).toHaveLength(1)
  }
})

it('it gives up after some attempts', async () => {
  const { api, keys } = serviceOf(...Array.from({ length: 9 }, () => new Error('connection lost')))
  expect(await outcome(value(api.v1.labs.$get({ query: {} })))).toMatchObject({ message: 'connection lost' })
  expect(keys).toHaveLength(5)
})
