import type { Caller } from './contract.ts'

/** Those who may decide for the others who are at a lab. */
export const DECIDES: ReadonlySet<Caller['role']> = new Set(['owner', 'teacher', 'assistant'])

const order: readonly Caller['role'][] = ['observer', 'machine', 'student', 'assistant', 'teacher', 'owner']

export const rank = (role: Caller['role']): number => order.indexOf(role)
