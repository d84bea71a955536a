// Follows the system's journal: each new line as it is written (journalctl -f).
import type { Json } from '../../sim/json.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import type { ProcessHost, Program } from '../program.ts'

/** Only lines of this unit; empty: all. */
export type JournalArgs = { readonly unit: string }

export class Journal implements Program {
  readonly unbounded = true
  private readonly host: ProcessHost
  private readonly leave: () => void

  constructor(host: ProcessHost, args: Json) {
    this.host = host
    const { unit } = args as JournalArgs
    this.leave = host.followJournal((entry) => {
      if (unit === '' || entry.unit === unit) host.emit({ kind: 'line', ...entry })
    })
  }

  start(): void {}
  pollAt(): Micros {
    return NEVER
  }
  poll(): void {}
  interrupt(): void {
    this.host.exit(130)
  }
  close(): void {
    this.leave()
  }
  save(): Json {
    return null
  }
}
