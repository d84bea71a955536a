import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react'
import { api, type Session } from './client.ts'
import { Problem } from './http.ts'

type SessionValue = {
  readonly session: Session | null
  readonly state: 'loading' | 'signed-in' | 'signed-out' | 'suspended' | 'failed'
  readonly retry: () => void
  readonly signOut: () => Promise<void>
}

const SessionContext = createContext<SessionValue>({ session: null, state: 'loading', retry: () => {}, signOut: async () => {} })

export const useSession = () => use(SessionContext)

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [session, setSession] = useState<Session | null>(null)
  const [state, setState] = useState<SessionValue['state']>('loading')

  const retry = useCallback(() => {
    setState('loading')
    api.session().then(
      (found) => {
        setSession(found)
        setState('signed-in')
      },
      (error: unknown) => {
        const { status = 0, code = '' } = error instanceof Problem ? error : {}
        setState(status === 401 ? 'signed-out' : code === 'suspended' ? 'suspended' : 'failed')
      },
    )
  }, [])
  useEffect(retry, [retry])

  const signOut = useCallback(async () => {
    await api.signOut()
    setSession(null)
    setState('signed-out')
  }, [])

  const value = useMemo(() => ({ session, state, retry, signOut }), [session, state, retry, signOut])
  return <SessionContext value={value}>{children}</SessionContext>
}
