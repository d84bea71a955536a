import { call } from './http.ts'

export type Account = {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly verified: boolean
  readonly unproved: string | null
  readonly ways: readonly string[]
  readonly organisations: readonly {
    readonly id: string
    readonly name: string
    readonly role: string
    readonly suspended: boolean
  }[]
  readonly sessions: readonly {
    readonly id: string
    readonly organisation: string
    readonly way: string
    readonly agent: string | null
    readonly createdAt: string
    readonly current: boolean
  }[]
}
export type OwnUsage = {
  readonly labs: number
  readonly machines: number
  readonly bytes: number
  readonly liveHours: number
  readonly requests: number
  readonly limits: Readonly<Record<string, number>>
}
export type Erased = { readonly alias: string; readonly altogether: boolean; readonly labsLeft: number }

export const accountApi = {
  get: () => call<Account>('GET', '/v1/account'),
  usage: () => call<OwnUsage>('GET', '/v1/account/usage'),
  rename: (name: string) => call<void>('PATCH', '/v1/account', { name }),
  setPassword: (wish: { old?: string; password: string; email?: string }) => call<void>('POST', '/v1/account/password', wish),
  setAddress: (wish: { email: string; password?: string }) => call<void>('POST', '/v1/account/address', wish),
  proveAddress: (token: string) => call<{ email: string }>('POST', '/v1/account/address/proof', { token }),
  returnCode: () => call<{ code: string }>('POST', '/v1/account/return-code'),
  endSession: (id: string) => call<void>('DELETE', `/v1/account/sessions/${id}`),
  changeOrganisation: (id: string) => call<void>('POST', '/v1/account/organisation', { id }),
  erase: (name: string) => call<Erased>('POST', '/v1/account/erase', { name }),
  exportAddress: '/v1/account/export',
}
