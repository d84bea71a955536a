import type { Quotas } from '../db/tenant/organisation.ts'
import type { Env } from '../env.ts'

export type Limits = { readonly [K in keyof Required<Quotas>]: number }

/** What an organisation and each person in it may use when an operator has not said otherwise. */
export const USUAL: Limits = {
  labs: 10_000,
  machines: 200_000,
  liveHours: 2_000,
  bytes: 50 * 1024 ** 3,
  requestsPerMinute: 12_000,
  personLabs: 200,
  personMachines: 4_000,
  personLiveHours: 300,
  personBytes: 4 * 1024 ** 3,
  personRequestsPerMinute: 1_200,
}

/** LAB_QUOTA is the older way to say how many labs. */
export const limitsOf = (env: Env, quotas: Quotas): Limits => ({
  ...USUAL,
  ...(env.LAB_QUOTA !== undefined && { labs: Number(env.LAB_QUOTA) }),
  ...quotas,
})

export const monthOf = (now: number): string => new Date(now).toISOString().slice(0, 7)
