// What this machine must have for real clients to be connected; what is missing is said, and what needs it is skipped.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

const has = (tool: string) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0

function lacking(tools: readonly string[]): string[] {
  const wrong = tools.filter((tool) => !has(tool)).map((tool) => `${tool} is not installed`)
  if (process.platform !== 'linux') wrong.push('this is not Linux')
  if (process.getuid?.() !== 0) wrong.push('this needs root')
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK)
  } catch {
    wrong.push('/dev/net/tun cannot be opened')
  }
  if (wrong.length === 0 && spawnSync('ip', ['netns', 'add', 'sr-probe']).status !== 0)
    wrong.push('network namespaces cannot be made')
  spawnSync('ip', ['netns', 'del', 'sr-probe'])
  return wrong
}

/** True when real clients with these tools can be connected here. */
export function able(what: string, ...tools: string[]): boolean {
  const wrong = lacking(['ip', 'python3', 'tshark', ...tools])
  for (const why of wrong) console.log(`SKIPPED ${what}: ${why}`)
  return wrong.length === 0
}
