import { call } from './http.ts'

export type Quotas = { readonly [name: string]: number }
export type Operated = {
  readonly id: string
  readonly name: string
  readonly createdAt: string
  readonly suspendedAt: string | null
  readonly suspendedReason: string | null
  readonly members: number
  readonly labs: number
  readonly quotas: Quotas
}
export type OperatorChange = { readonly quotas?: Quotas; readonly suspended?: boolean; readonly reason?: string }

const all = '/v1/operator/organisations'

/** For whoever has the key of the installation. */
export const operatorApi = (key: string) => ({
  organisations: () => call<{ organisations: Operated[] }>('GET', all, undefined, key),
  make: (name: string) => call<{ id: string; ownerInvitation: string }>('POST', all, { name }, key),
  change: (id: string, change: OperatorChange) => call<void>('PATCH', `${all}/${encodeURIComponent(id)}`, change, key),
})
export type OperatorApi = ReturnType<typeof operatorApi>
