import type { D1 } from './d1.ts'

/** What `npm start` prints. Paths are relative to the server's address. */
export type Demo = {
  readonly organisation: string
  readonly signIn: readonly { readonly name: string; readonly role: string; readonly path: string }[]
  readonly apiKey: string
}

/**
 * Writes the demo organisation, its people, their sign-in links and its key as rows, and returns the secrets in plain text.
 * It lives here and not in the Worker, so that nothing that is deployed can make one. Called at every start on a database
 * that is migrated and may already hold the demo: it must then leave the people's labs alone and hand out working links.
 */
export async function seedDemo(_db: D1): Promise<Demo> {
  return { organisation: 'Demo', signIn: [], apiKey: '' }
}
