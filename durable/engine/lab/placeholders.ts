// Words in scripts and checks that stand for what is so at that moment.
import type { Kernel } from '../machine/kernel.ts'

const PLACEHOLDER = /<(address|gateway):([a-z0-9-]+)(?:\/([^>]+))?>/g
const NONE = '0.0.0.0'

/**
 * `<address:MACHINE>` and `<address:MACHINE/ADAPTER>` are the first address there, `<gateway:MACHINE>` the machine's gateway;
 * 0.0.0.0 where there is none.
 */
export const fillPlaceholders = (text: string, kernel: (machine: string) => Kernel | undefined): string =>
  text.replace(PLACEHOLDER, (_, what: string, machine: string, adapter?: string) => {
    const interfaces = (kernel(machine)?.interfaces() ?? []).filter(
      ({ kind, name }) => kind !== 'loopback' && (adapter === undefined || name === adapter),
    )
    const values = interfaces.flatMap(({ addresses, gateways }) =>
      what === 'gateway' ? gateways : addresses.map(({ address }) => address),
    )
    return values[0] ?? NONE
  })
