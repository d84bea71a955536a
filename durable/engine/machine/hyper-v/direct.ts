// PowerShell Direct: a console of the computer acts inside of a guest, past every network. What it starts there is the guest's own
// process, with a number that no process of the computer has, so that the console waits for it as for one of its own.
import type { Kernel } from '../kernel.ts'
import { createKernel } from '../kernel-calls.ts'
import type { Machine } from '../machine.ts'
import type { Process } from '../process.ts'

/** A process that a console of this computer, or of the one around it, started in a guest. */
export function guestProcess(machine: Machine, pid: number): Process | undefined {
  for (const { guest } of machine.hyperV?.guests ?? []) {
    const found = guest.process(pid)
    if (found && found.console.split(':')[0] !== guest.name) return found
  }
  return undefined
}

/** An ended process is done with, whichever guest has it. */
export function reapInGuest(machine: Machine, pid: number): void {
  for (const { guest } of machine.hyperV?.guests ?? []) if (guest.process(pid)) guest.reap(pid)
}

/** A line has ended: what it left running in guests ends with it. */
export function endInGuests(machine: Machine, console: string, command: number): void {
  for (const { guest } of machine.hyperV?.guests ?? []) {
    for (const process of guest.running) if (process.console === console && process.origin === command) guest.reap(process.pid)
    endInGuests(guest, console, command)
  }
}

/** The system calls of a guest for a console of its computer; undefined: there is no such machine. */
export function guestKernel(machine: Machine, vmId: string, console: string, command: number): Kernel | undefined {
  const vm = machine.hyperV?.guests.find(({ id }) => id.toLowerCase() === vmId.toLowerCase())
  return vm && createKernel(vm.guest, console, command)
}
