// What is done to a copy before checks look at it.
import { SECOND } from '../../sim/time.ts'
import type { Lab } from '../lab.ts'
import { fillPlaceholders } from '../placeholders.ts'
import type { Step } from './definition.ts'

/** Terminals that people do not have. */
const TERMINAL = '8'
/** What is done by nobody has this number. */
const NOBODY = -1
/** A cable that is pulled to be plugged again is out for so long: a lease is asked for again, neighbours are not forgotten. */
const PULLED = 5 * SECOND
/** A machine that restarts is given so long; the lab settles after it. */
const RESTART = 30 * SECOND
/** Events of one step. More would be no check but a load test. */
const BUDGET = 3_000_000

/** Why a step could not be done, or undefined. */
export function take(lab: Lab, step: Step): string | undefined {
  switch (step.do) {
    case 'reboot': {
      const machine = lab.parts.machines.get(step.machine)
      if (machine?.power !== 'on') return `${machine?.hostname ?? step.machine} is not running.`
      const done = lab.kernel(step.machine)?.reboot()
      if (done?.ok === false) return `${machine.hostname} cannot be restarted (${done.error}).`
      pass(lab, lab.now + RESTART)
      return lab.parts.machines.get(step.machine)?.power === 'on' ? undefined : `${machine.hostname} did not come back.`
    }
    case 'wait':
      return pass(lab, lab.now + step.micros)
    case 'lease-expiry': {
      const leases = (lab.kernel(step.machine)?.interfaces() ?? []).flatMap(({ lease }) => lease?.expiresAt ?? [])
      if (leases.length === 0) return `${step.machine} has no lease that could run out.`
      return pass(lab, Math.max(...leases, lab.now) + SECOND)
    }
    case 'unplug':
    case 'plug':
      return hand(lab, { action: step.do, link: step.cable })
    case 'replug': {
      const out = hand(lab, { action: 'unplug', link: step.cable })
      if (out !== undefined) return out
      pass(lab, lab.now + PULLED)
      return hand(lab, { action: 'plug', link: step.cable })
    }
    case 'power-off':
    case 'power-on':
      return hand(lab, { action: step.do, machine: step.machine })
    case 'join': {
      const done = lab.kernel(step.machine)?.connectWifi(step.ssid)
      if (done?.ok !== true) return `${step.machine} cannot join ${step.ssid}.`
      return settle(lab)
    }
    case 'type': {
      if (lab.parts.machines.get(step.machine)?.power !== 'on') return `${step.machine} is not running.`
      const console = `${step.machine}:${TERMINAL}`
      const line = fillPlaceholders(step.line, (name) => lab.kernel(name))
      const { status } = lab.exec(console, line, NOBODY)
      lab.parts.machines.get(step.machine)?.closeSession(console)
      return status === 'done' ? undefined : `"${line}" does not end on ${step.machine}.`
    }
    default:
      return step satisfies never
  }
}

function hand(lab: Lab, action: Parameters<Lab['hand']>[0]): string | undefined {
  const done = lab.hand(action, NOBODY)
  return done.ok ? undefined : done.message
}

function pass(lab: Lab, to: number): string | undefined {
  lab.operate({ do: 'advance', to }, NOBODY, BUDGET)
  return lab.now >= to ? undefined : 'More happened in that time than a check may run.'
}

const settle = (lab: Lab): string | undefined => pass(lab, lab.now + SECOND)

const plural = (micros: number): string => {
  const [unit, size] = (
    [
      ['d', 86_400 * SECOND],
      ['h', 3_600 * SECOND],
      ['min', 60 * SECOND],
      ['s', SECOND],
    ] as const
  ).find(([, one]) => micros % one === 0) ?? ['µs', 1]
  return `${micros / size} ${unit}`
}

/** As part of a sentence: `after a restart of pc and 9 d`. */
export function saySteps(steps: readonly Step[]): string {
  return steps.map(sayStep).join(', then ')
}

function sayStep(step: Step): string {
  switch (step.do) {
    case 'reboot':
      return `a restart of ${step.machine}`
    case 'wait':
      return plural(step.micros)
    case 'lease-expiry':
      return `the end of the lease of ${step.machine}`
    case 'unplug':
      return `pulling ${step.cable}`
    case 'plug':
      return `plugging ${step.cable}`
    case 'replug':
      return `pulling and plugging ${step.cable}`
    case 'power-off':
      return `switching ${step.machine} off`
    case 'power-on':
      return `switching ${step.machine} on`
    case 'join':
      return `${step.machine} joining ${step.ssid}`
    case 'type':
      return `"${step.line}" on ${step.machine}`
    default:
      return step satisfies never
  }
}
