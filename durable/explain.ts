import type { Answer } from './contract.ts'
import { Lab } from './engine/lab/index.ts'
import type { LabApi } from './engine/lab/lab-api.ts'
import { parseQuery, runQuery } from './engine/lab/query/index.ts'
import { type History, whyNothing, whyPacket } from './engine/lab/why/index.ts'
import type { Sighting } from './engine/link/recorder.ts'
import type { LabKeeper, Live } from './lab-keeper.ts'
import type { Causes, Explanation, QueryAnswer } from './protocol.ts'
import { refuse } from './refusal.ts'
import { changesWith } from './store/changes.ts'
import type { Sightings } from './store/frame-block.ts'
import { findLine, recentLines } from './store/journal.ts'

/** Lines that explanations may refer to. */
const LINES = 2_000

/** Answers why something happened, or did not, out of what is kept of the packets and of the lines. */
export class Explain {
  private readonly keeper: LabKeeper

  constructor(keeper: LabKeeper) {
    this.keeper = keeper
  }

  packet(live: Live, packet: number, path: boolean): Answer<Explanation> {
    const found = whyPacket(this.past(live), packet, { path })
    if (found.outcome === 'unknown' && found.sentences.length === 1) return refuse(404, 'no-packet', 'This packet is not kept.')
    return { ok: true, value: { ...found, sentences: found.sentences.map((sentence) => ({ ...sentence })) } }
  }

  command(live: Live, command: number): Answer<Causes> {
    const line = findLine(this.keeper.db, command)
    if (line?.kind !== 'exec') return refuse(404, 'no-job', 'There is no such command.')
    const { output, exitStatus, answer } = line
    const { healthy, causes } = whyNothing(this.past(live), command, { output, exitStatus, unsettled: answer.unsettled })
    const told = causes.map(({ cause, text, packets }) => ({
      kind: cause.kind,
      machine: cause.machine ?? null,
      text,
      packets: [...packets],
    }))
    return { ok: true, value: { command, healthy, causes: told } }
  }

  /** A question about what happened. A text that is no question is refused, with the place. */
  query(live: Live, text: string): Answer<QueryAnswer> {
    const parsed = parseQuery(text)
    if (!parsed.ok) return refuse(400, 'bad-query', `${parsed.message} (at character ${parsed.at + 1})`, { field: 'query' })
    const { sightings, vantages } = this.past(live)
    const lines = recentLines(this.keeper.db, LINES)
    const changes = changesWith(this.keeper.db, new Set(lines.map(({ id }) => id)))
    const journal = lines
      .filter(({ kind }) => kind === 'exec')
      .map(({ id, console, line, output, exitStatus, started: at, ended: endedAt }) => ({
        id,
        console,
        line,
        output,
        exitStatus,
        at,
        endedAt,
      }))
    const { holds, why, evidence } = runQuery(parsed.query, {
      sightings,
      vantages,
      journal,
      changes,
      machines: live.lab.machineNames(),
    })
    return { ok: true, value: { holds, why, packets: [...evidence.packets], commands: [...evidence.commands] } }
  }

  /** Everything that is kept, as the engine's explanations take it. */
  past({ lab }: Live): History {
    const sightings = keptSightings(this.keeper.frames, lab)
    const journal = recentLines(this.keeper.db, LINES).map(({ id, console, line, byName }) => ({ id, console, line, by: byName }))
    return { sightings, vantages: lab.vantages, journal, definition: lab.definition, ...(lab instanceof Lab ? { lab } : {}) }
  }
}

/** Everything that is kept of the packets, as the engine numbers their places now. */
export function keptSightings(frames: Sightings, { vantages }: Pick<LabApi, 'vantages'>): Sighting[] {
  const numbers = new Map(vantages.map((one) => [`${one.machine}/${one.adapter}`, one.number]))
  const sightings: Sighting[] = []
  for (const { place, ...seen } of frames.after(-1)) {
    const vantage = numbers.get(`${place.machine}/${place.adapter}`)
    if (vantage !== undefined) sightings.push({ ...seen, vantage })
  }
  return sightings
}
