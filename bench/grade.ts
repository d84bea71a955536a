// Grading a submission: twenty checks, among them a restart, nine days, and ten machines that ask each other.
import { faultText, parseDefinition } from '../durable/definition/parse.ts'
import { parseRubric } from '../durable/definition/rubric.ts'
import { Lab } from '../durable/engine/lab/index.ts'
import { gradeKept, type Kept } from '../durable/grading/grade.ts'
import type { Past } from '../durable/grading/past.ts'
import { shells } from '../durable/runtime.ts'
import { type Benchmark, cpuSeconds, median } from './harness.ts'

const MACHINES = 10
const GRADES = 9
const all = Array.from({ length: MACHINES }, (_, at) => `node${at}`)

/** A router that hands out addresses, and ten computers that lease them. */
const yaml = `
title: Ten machines
summary: For a figure
machines:
  router:
    os: router
    adapters: { lan: { address: 10.7.0.1/24 } }
    dhcpServers: [{ adapter: lan, first: 10.7.0.10, last: 10.7.0.99, lease: 24h }]
${all.map((name) => `  ${name}: { os: ubuntu-24.04, role: computer, adapters: { eth0: {} } }`).join('\n')}
switches:
  hall: {}
cables:
  - { between: [router/lan, hall] }
${all.map((name) => `  - { between: [${name}/eth0, hall] }`).join('\n')}
`

const next = (at: number): string => all[(at + 1) % MACHINES] as string
const rubric = `
total: 20
checks:
${all.map((name, at) => `  - { id: reaches-${at}, title: Reaches, check: reaches, machine: ${name}, target: ${next(at)} }`).join('\n')}
${all
  .slice(0, 5)
  .map(
    (name, at) => `  - { id: lease-${at}, title: Lease, check: has-lease, machine: ${name}, subnet: 10.7.0.0/24, from: router }`,
  )
  .join('\n')}
  - { id: route, title: Route, check: has-route, machine: node0, to: default, via: router, count: 1 }
  - { id: packets, title: Packets, check: packets, filter: icmp.type == 0, at: node0, atLeast: 3 }
  - { id: unchanged, title: Unchanged, check: unchanged }
  - id: reboot
    title: A restart
    check: survives
    what: [{ reboot: node0 }]
    checks: [{ check: reaches, machine: node0, target: node1 }]
  - id: days
    title: Nine days
    check: survives
    what: [{ wait: 9d }]
    checks: [{ check: has-lease, machine: node0 }, { check: reaches, machine: node0, target: node1 }]
`

function submission(): { readonly kept: Kept; readonly past: Past; readonly checks: Parameters<typeof gradeKept>[2]['checks'] } {
  const parsed = parseDefinition(yaml, 1)
  if (!parsed.ok) throw new Error(parsed.faults.map(faultText).join('\n'))
  const { definition } = parsed
  const lab = new Lab(definition, 1, shells)
  lab.exec('node0', 'ping -c 3 10.7.0.1', 1)
  const seen = lab.sightings(0).flatMap(({ vantage, ...rest }) => {
    const place = lab.vantages[vantage]
    return place ? [{ ...rest, place }] : []
  })
  const read = parseRubric(rubric, definition)
  if (!read.ok) throw new Error(read.faults.map(faultText).join('\n'))
  return {
    kept: { definition, seed: 1, stored: lab.save() },
    past: { branches: [], lines: [], seen: () => seen, changes: [] },
    checks: read.checks,
  }
}

export const gradeSubmission: Benchmark = {
  name: 'grade-submission',
  says: 'grading a submission of ten machines: 20 checks, among them a restart, nine days and ten probes, with evidence and digest',
  run() {
    const { kept, past, checks } = submission()
    const graded: number[] = []
    const built: number[] = []
    for (let at = 0; at < GRADES; at++) {
      graded.push(
        1000 *
          cpuSeconds(() => {
            const { score, of } = gradeKept(kept, past, { checks, hash: null })
            if (score !== of) throw new Error(`${score} of ${of} points`)
          }),
      )
      built.push(1000 * cpuSeconds(() => new Lab(kept.definition, kept.seed, shells)))
    }
    return {
      value: median(graded),
      unit: 'milliseconds',
      reference: median(built),
      referenceIs: 'building the same lab once',
      runs: GRADES,
    }
  },
}
