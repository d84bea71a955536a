// The first lab as most tests of whole machines use it: lines are typed at its consoles, with something changed in its text or not.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { Lab } from '../../durable/engine/lab/lab.ts'
import { openRuntime, shells } from '../../durable/runtime.ts'
import { Walk } from '../../durable/walk/walk.ts'

export const FIRST_LAB = readFileSync(join(import.meta.dirname, '../../labs/default-switch/lab.yaml'), 'utf8')

/** The first guest serves this page on port 80. */
export const WITH_PAGE = FIRST_LAB.replace(
  "    adapters: { eth0: { mac: '00:15:5d:03:32:00' } }\n",
  "    adapters: { eth0: { mac: '00:15:5d:03:32:00' } }\n    http: { port: 80, pages: { /: { body: 'hello from the guest' } } }\n",
)

/** The computer is of another build. */
export const ofBuild = (build: number): string =>
  FIRST_LAB.replace('hostname: LABHOST\n    build: 26100', `hostname: LABHOST\n    build: ${build}`)

export type Typing = (console: string, text: string) => string

/** Types lines; with `away` the lab is put away and back after every one. */
export function firstLab(away = false, seed = 1, yaml = FIRST_LAB): { readonly type: Typing; readonly lab: () => Lab } {
  const parsed = parseDefinition(yaml)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed))
  const { definition } = parsed
  let one = new Lab(definition, seed, shells)
  let line = 0
  const type = (console: string, text: string): string => {
    const { output } = one.exec(console, text, ++line)
    if (away) one = new Lab(definition, seed, shells, JSON.parse(JSON.stringify(one.save())))
    return output
  }
  return { type, lab: () => one }
}

/** The same with everything that is seen gathered. */
export function walkFirstLab(yaml = FIRST_LAB, seed = 1): Walk {
  const opened = openRuntime(yaml, seed)
  if (!opened.ok) throw new Error(JSON.stringify(opened.faults))
  return new Walk(opened.lab)
}

export const reaches = (type: Typing, from: string, to: string): boolean =>
  type(from, `ping -c 1 -W 1 ${to}`).includes(' 1 received')
