// A cause as it is found, and the sentences that name one.

import type { Sighting } from '../../link/recorder.ts'
import { VERDICTS, verdictNumber } from '../../link/verdict.ts'
import type { CauseKind, NamedCause } from './history.ts'

export const found = (kind: CauseKind, machine: string, detail: string, text: string, ...packets: number[]): NamedCause => ({
  cause: machine === '' ? { kind, detail } : { kind, machine, detail },
  text,
  packets,
})

export const withEvidence = (cause: NamedCause, ...packets: readonly number[]): NamedCause => ({
  ...cause,
  packets: [...new Set([...packets, ...cause.packets])],
})

/** The verdict of a sighting as the packet list says it. */
export function verdictText({ verdict, detail }: Sighting): string {
  const { sentence } = VERDICTS[verdictNumber(verdict)] as (typeof VERDICTS)[number]
  return detail === '' ? sentence : `${sentence} (${detail})`
}

/** RFC 1918. */
export const isPrivate = (ip: number): boolean => ip >>> 24 === 10 || ip >>> 20 === 0xac1 || ip >>> 16 === 0xc0a8
