import { Resolver } from 'node:dns/promises'

/** The addresses of a name; throws when nobody can be asked, answers none when it has none. */
export type Resolve = (name: string) => Promise<readonly string[]>

const none = new Set(['ENODATA', 'ENOTFOUND'])

/** The platform's own resolver. */
export const platformResolve: Resolve = async (name) => {
  const resolver = new Resolver()
  const asked = [resolver.resolve4(name), resolver.resolve6(name)].map((asking) =>
    asking.catch((error: { code?: string }) => {
      if (error.code !== undefined && none.has(error.code)) return []
      throw error
    }),
  )
  return (await Promise.all(asked)).flat()
}
