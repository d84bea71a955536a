// Some things can be measured in a fresh process only: memory, and what code costs that has not run before.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Runs bench/children/NAME.ts with this process's own Node and hooks; answers the last line that it printed, as JSON. */
export function child<T>(name: string, args: readonly (string | number)[] = [], flags: readonly string[] = []): T {
  const file = join(import.meta.dirname, 'children', `${name}.ts`)
  const printed = execFileSync(process.execPath, [...process.execArgv, ...flags, file, ...args.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(printed.trimEnd().split('\n').at(-1) as string) as T
}

/** Processor milliseconds of a Node process that does nothing. */
export function emptyProcess(): number {
  const script = 'const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)'
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }))
}
