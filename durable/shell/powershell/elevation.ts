// What a console without the rights of an administrator is told (fact sheet 2.0).
import type { Kernel } from '../../engine/machine/kernel.ts'
import type { Cmdlet, Fault } from './cmdlet.ts'

const MODULES = new Set(['NetTCPIP', 'NetNat', 'NetSecurity', 'NetAdapter', 'DnsClient', 'NetConnection'])
const HARMLESS = /^(Get|Find|Test|Resolve|Show|Clear|Register)-/

/** Cmdlets of the network that change something. */
export function refusedCmdlet(spec: Cmdlet, kernel: Kernel): Fault | undefined {
  if (!MODULES.has(spec.module) || HARMLESS.test(spec.name) || kernel.identity().elevated) return undefined
  return {
    message: 'Access is denied.',
    category: 'PermissionDenied',
    target: '',
    exception: 'CimException',
    id: 'Windows System Error 5',
  }
}

/** Classic programs, in their own words; undefined: it may run. */
export function refusedProgram(name: string, args: readonly string[], kernel: Kernel): string | undefined {
  const line = args.join(' ').toLowerCase().replace(/-/g, '/')
  const changes =
    (name === 'route' && /\b(add|delete|change)\b/.test(line)) ||
    (name === 'ipconfig' && /\/(renew|release)/.test(line)) ||
    (name === 'arp' && /\/[sd]\b/.test(line)) ||
    (name === 'netsh' && /\b(add|set|delete|reset|import)\b/.test(line)) ||
    (name === 'net' && /^(start|stop) \S/.test(line))
  if (!changes || kernel.identity().elevated) return undefined
  if (name === 'arp') return 'The ARP entry addition failed: Access is denied.'
  if (name === 'net') return 'System error 5 has occurred.\n\nAccess is denied.\n'
  return name === 'netsh'
    ? 'The requested operation requires elevation (Run as administrator).'
    : 'The requested operation requires elevation.'
}
