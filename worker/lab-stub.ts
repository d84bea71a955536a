import type { Answer, LabGradingCalls, LabHistoryCalls, LabHostCalls, LabTogetherCalls } from '../durable/contract.ts'
import type { LabRow } from './db/tenant/labs.ts'
import type { Env } from './env.ts'
import { log } from './log.ts'
import { fromRefusal, Problem } from './problem.ts'

type Address = Pick<LabRow, 'objectId' | 'jurisdiction'>
type Thrown = Error & { readonly retryable?: boolean; readonly overloaded?: boolean }

/** Under another jurisdiction the same id is another object, so both are kept and both are used. */
const namespaceOf = (env: Env, jurisdiction: Address['jurisdiction']) =>
  jurisdiction === null ? env.LAB_HOST : env.LAB_HOST.jurisdiction(jurisdiction)

export const newObjectId = (env: Env, jurisdiction: Address['jurisdiction']): string =>
  namespaceOf(env, jurisdiction).newUniqueId().toString()

function stubOf(env: Env, { objectId, jurisdiction }: Address): DurableObjectStub {
  const namespace = namespaceOf(env, jurisdiction)
  return namespace.get(namespace.idFromString(objectId))
}

/**
 * Runs `use` on the lab's stub, once more with a fresh stub (a stub that has thrown is broken) when the platform says that
 * this may help. An overloaded lab is not asked again: that would be what overloads it.
 */
async function withStub<T>(env: Env, address: Address, again: boolean, use: (stub: DurableObjectStub) => Promise<T>): Promise<T> {
  try {
    return await use(stubOf(env, address))
  } catch (error) {
    const { retryable, overloaded, message } = error as Thrown
    if (overloaded) throw new Problem(503, 'lab-overloaded', 'The lab has too much to do.', {}, { 'retry-after': '2' })
    if (!retryable) throw error
    log.warn('lab-call-failed', { objectId: address.objectId, again, message })
    if (again) return withStub(env, address, false, use)
    throw new Problem(503, 'lab-unreachable', 'The lab did not answer.', {}, { 'retry-after': '1' })
  }
}

type LabCalls = LabHostCalls & LabHistoryCalls & LabGradingCalls & LabTogetherCalls
type Call<T> = (host: LabCalls) => Promise<Answer<T>>

/** A call on the lab; its refusal is thrown as a problem. Every call of the contract may be made twice, except `create`. */
export async function callLab<T>(env: Env, address: Address, call: Call<T>, { again = true } = {}): Promise<T> {
  // The stub of an untyped namespace; the contract is what the class implements.
  const answer = await withStub(env, address, again, (stub) => call(stub as unknown as LabCalls))
  if (!answer.ok) throw fromRefusal(answer)
  return answer.value
}

/** The upgrade to a WebSocket. The request is made anew, because a failed attempt may have used it up. */
export const upgradeLab = (env: Env, address: Address, headers: HeadersInit, again = true): Promise<Response> =>
  withStub(env, address, again, (stub) => stub.fetch(new Request('https://lab/socket', { headers })))
