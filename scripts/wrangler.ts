import { spawnSync } from 'node:child_process'

export type WranglerOptions = {
  readonly input?: string
  readonly env?: Record<string, string>
  /** Returns what wrangler prints instead of showing it. */
  readonly capture?: boolean
}

/** Runs wrangler and gives what it printed; throws when it fails. */
export function wrangler(args: readonly string[], { input, env, capture = false }: WranglerOptions = {}): string {
  const result = spawnSync('wrangler', args, {
    input,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: [input === undefined ? 'inherit' : 'pipe', capture ? 'pipe' : 'inherit', 'inherit'],
  })
  if (result.error) throw result.error
  if (result.status !== 0) throw new Error(`wrangler ${args.join(' ')} failed`)
  return result.stdout ?? ''
}
