// The system calls of a console whose shell was started without the rights of an administrator: what changes the machine is refused.
import type { Kernel, Outcome } from './kernel.ts'

const DENIED: Outcome = { ok: false, error: 'access-denied' }
const CHANGES =
  /^(set|add|remove|flush|make|start|stop|reset|pause|resume|apply|rename|new|connect|control|configure|clear|exclude|include|enable|disable|change|put|import|export|copy|meter|map)[A-Z]/
const FILES = /^(writeFile|appendFile|removeFile|makeDirectory|renameFile|changeFile)$/
const SYSTEM = /^c:\\(windows|program files)/i
/** A person's own part of the registry, and what a person may do with files and programs. */
const OWN = /^hkcu(\\|$)/i
const ALLOWED = /^(startJob|connectWifi|flushDnsCache|removeFile|makeDirectory|renameFile|changeFile)$/

type Calls = { readonly [name: string]: unknown }

function refused(calls: Calls): Calls {
  return Object.fromEntries(
    Object.entries(calls).map(([name, member]) => {
      if (typeof member !== 'function') return [name, member]
      const own = (...args: unknown[]): unknown => member.apply(calls, args)
      if (FILES.test(name)) return [name, (...args: unknown[]) => (SYSTEM.test(String(args[0])) ? DENIED : own(...args))]
      if (!CHANGES.test(name) || ALLOWED.test(name)) return [name, member]
      if (/Registry/.test(name)) return [name, (...args: unknown[]) => (OWN.test(String(args[0])) ? own(...args) : DENIED)]
      return [name, () => DENIED]
    }),
  )
}

/** The calls that a console may make: all of them, or what it may without an administrator's rights. */
export const rightsOf = (kernel: Kernel): Kernel => (kernel.identity().elevated ? kernel : unelevated(kernel))

function unelevated(kernel: Kernel): Kernel {
  const inner = Object.fromEntries(
    Object.entries(kernel).map(([name, member]) => [
      name,
      member !== null && typeof member === 'object' ? refused(member as unknown as Calls) : member,
    ]),
  )
  return refused(inner) as unknown as Kernel
}
