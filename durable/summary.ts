import type { LabSummary } from './contract.ts'
import type { Live } from './lab-keeper.ts'

export function toSummary({ lab, row }: Live): LabSummary {
  const consoles = lab.consoles()
  return {
    title: lab.definition.title,
    summary: lab.definition.summary,
    seed: lab.seed,
    now: lab.now,
    epochMicros: lab.definition.epochMicros,
    zoneMinutes: lab.definition.zoneMinutes,
    brief: row.brief,
    machines: lab.definition.machines.map(({ name, hostname, os }) => ({
      name,
      hostname,
      os,
      consoles: consoles.filter((one) => one.machine === name).map((one) => one.console),
    })),
  }
}
