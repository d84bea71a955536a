// What a hand does to a lab: a plug, a power button. Nothing is waited for.
import type { Machine } from '../machine/machine.ts'
import type { Built } from './build.ts'
import type { Hand } from './lab-api.ts'

/** Why it could not be done, or undefined. `command` is what comes of it. */
export function takeHand({ sim, links, machines }: Built, hand: Hand, command: number): string | undefined {
  sim.origin = command
  sim.cause = 0
  if ('link' in hand) {
    const link = links.find((l) => l.name === hand.link)
    if (!link || link.kind === 'radio') return `There is no cable ${hand.link}.`
    link.cable.plug(hand.action === 'plug')
    return undefined
  }
  const machine = machines.get(hand.machine)
  if (!machine) return `There is no machine ${hand.machine}.`
  setPower(machines, machine, hand.action === 'power-on')
  return undefined
}

/** A guest has no button of its own: its Hyper-V starts it, or turns it off. */
function setPower(machines: Built['machines'], machine: Machine, on: boolean): void {
  for (const { hyperV } of machines.values()) {
    const vm = hyperV?.vms.find((v) => v.guest === machine)
    if (!vm) continue
    if (on) vm.start()
    else vm.stop('turn-off')
    return
  }
  if (on) machine.powerOn()
  else machine.powerOff()
}
