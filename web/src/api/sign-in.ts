import { call } from './http.ts'

export type Ways = {
  readonly password: boolean
  readonly mail: boolean
  readonly code: boolean
  readonly oidc: readonly { readonly id: string; readonly name: string }[]
}
export type Named = { readonly id: string; readonly name: string }
export type Joinable = { readonly course: Named; readonly organisation: Named }
export type Offer = {
  readonly organisation: string
  readonly role: string
  readonly course: string | null
  readonly email: string | null
  readonly name: string | null
  readonly invitedBy: string
}
export type CameIn = { readonly organisations: readonly Named[] }

export const signIn = {
  ways: () => call<Ways>('GET', '/auth/ways'),
  password: (email: string, password: string) => call<CameIn>('POST', '/auth/password', { email, password }),
  askMail: (email: string) => call<void>('POST', '/auth/mail', { email }),
  openMail: (token: string) => call<CameIn>('POST', '/auth/mail/open', { token }),
  comeBack: (code: string) => call<CameIn>('POST', '/auth/return', { code }),
  lookAtCode: (code: string) => call<Joinable>('POST', '/auth/join/look', { code }),
  join: (code: string, name?: string) =>
    call<Joinable & { returnCode: string | null }>('POST', '/auth/join', name === undefined ? { code } : { code, name }),
  lookAtInvitation: (token: string) => call<Offer>('POST', '/auth/invitation/look', { token }),
  accept: (token: string, wish: { name?: string; email?: string; password?: string }) =>
    call<{ organisation: string; returnCode: string | null }>('POST', '/auth/invitation/accept', { token, ...wish }),
}
