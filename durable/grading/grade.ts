import type { CheckDefinition, LabDefinition } from '../engine/lab/definition.ts'
import { ENGINE_VERSION } from '../engine/lab/index.ts'
import type { CheckOutcome, Shown, StoredLab } from '../engine/lab/lab-api.ts'
import { hex } from '../engine/wire/bytes.ts'
import { toRow } from '../packets.ts'
import { openParsed } from '../runtime.ts'
import type { Seen } from '../store/frame-block.ts'
import { canonical, sha256 } from './canonical.ts'
import { chainOfPast, materialOf, type Past } from './past.ts'
import type { GradedCheck, GradeReport, ShownPacket } from './report.ts'

/** What is graded: a lab as it is stored. */
export type Kept = { readonly definition: LabDefinition; readonly seed: number; readonly stored: StoredLab }
/** Checks of a rubric with the hash of its text; null: those of the lab. */
export type Rubric = { readonly checks: readonly CheckDefinition[]; readonly hash: string | null }

/** Sightings of a packet of the lab that are shown: where it was seen first and last. */
const MOST_SHOWN = 16

/** Runs checks on a copy of a stored lab. */
export function runKept({ definition, seed, stored }: Kept, past: Past, checks: readonly CheckDefinition[]): GradedCheck[] {
  const lab = openParsed(definition, seed, stored)
  const outcomes = lab.grade(checks, materialOf(past, lab))
  const wanted = new Set(outcomes.flatMap(({ packets, trial }) => (trial ? [] : packets)))
  const seen = wanted.size === 0 ? [] : Array.from(past.seen()).filter(({ packet }) => wanted.has(packet))
  return outcomes.map((outcome) => toGraded(outcome, seen))
}

/**
 * The grade of a lab: a pure function of its stored state, its journal with what is kept of its packets, the rubric and the
 * engine. Done again, here or from an export of the lab, it has the same digest.
 */
export function gradeKept(kept: Kept, past: Past, { checks, hash }: Rubric): GradeReport {
  const results = runKept(kept, past, checks)
  const sum = (field: 'points' | 'of') => Math.round(results.reduce((all, one) => all + one[field], 0) * 100) / 100
  const { clock, parts } = kept.stored
  const state = { clock, parts: [...parts].sort((a, b) => (a.name < b.name ? -1 : 1)) }
  const report = {
    format: 1 as const,
    engine: ENGINE_VERSION,
    at: clock.now,
    score: sum('points'),
    of: sum('of'),
    rubric: hash,
    chain: chainOfPast(past),
    state: sha256(canonical(state)),
    results,
  }
  return { ...report, digest: sha256(canonical(report)) }
}

function toGraded(outcome: CheckOutcome, seen: readonly Seen[]): GradedCheck {
  const { shown, rows, lines, at, packets, trial, ...rest } = outcome
  const its = trial ? shown.map((one) => toShown(one, true)) : ends(packets, seen).map((one) => toShown(one, false))
  return {
    ...rest,
    packets,
    trial,
    evidence: { trial, packets: its, rows: rows.map((row) => ({ ...row })), lines: [...lines], at },
  }
}

/** Where each packet was seen first and last. */
function ends(packets: readonly number[], seen: readonly Seen[]): Seen[] {
  const found = new Set<Seen>()
  for (const packet of packets) {
    const its = seen.filter((one) => one.packet === packet)
    for (const one of [its[0], its.at(-1)]) if (one) found.add(one)
  }
  return [...found].sort((a, b) => a.sequence - b.sequence).slice(0, MOST_SHOWN)
}

function toShown(seen: Shown | Seen, whole: boolean): ShownPacket {
  const { cause: _, command: __, ...row } = toRow(seen)
  return { ...row, bytes: whole ? hex(seen.bytes, 0, seen.bytes.length) : '' }
}

/** As students see it: without the right answers, and without what would tell them. */
export const withoutAnswers = (results: readonly GradedCheck[]): GradedCheck[] =>
  results.map((one) => ({ ...one, expected: null }))
