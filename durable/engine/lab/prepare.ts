// What somebody typed before the lab began.
import type { Lab } from './lab.ts'
import { fillPlaceholders } from './placeholders.ts'

/** A terminal that people do not have; it is gone when the line has ended. */
const TERMINAL = '9'

/** The cause of what such a line sends: none of the commands that people type. */
const NOBODY = 0

/** Types the lines of `prepare`, each to its end. What they print is nobody's to read. */
export function prepare(lab: Lab): void {
  for (const { machine, line } of lab.definition.prepare ?? []) {
    const console = `${machine}:${TERMINAL}`
    lab.exec(
      console,
      fillPlaceholders(line, (name) => lab.kernel(name)),
      NOBODY,
    )
    lab.parts.machines.get(machine)?.closeSession(console)
    lab.takeOutput()
  }
}
