// For tests only: the first lab of the catalogue, stored and put back before every line that is typed into it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { Lab } from '../../durable/engine/lab/lab.ts'
import { shells } from '../../durable/runtime.ts'

const parsed = parseDefinition(readFileSync(join(import.meta.dirname, '../../labs/default-switch/lab.yaml'), 'utf8'))
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
export const { definition } = parsed

export class StoredLab {
  lab: Lab
  private readonly seed: number
  private command = 0

  constructor(seed = 1) {
    this.seed = seed
    this.lab = new Lab(definition, seed, shells)
  }

  exec(console: string, line: string): ReturnType<Lab['exec']> {
    this.lab = new Lab(definition, this.seed, shells, this.lab.save())
    return this.lab.exec(console, line, ++this.command)
  }
}

/** Types lines into a lab that forgets nothing between them; answers what was printed. */
export function begin(seed = 1): (console: string, line: string) => string {
  const stored = new StoredLab(seed)
  return (console, line) => stored.exec(console, line).output
}
