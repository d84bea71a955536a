// System calls about NetBIOS names: the machine's own and those that it remembers.
import { Netbios } from '../../service/netbios.ts'
import { formatIp } from '../../wire/addresses.ts'
import type { Machine } from '../machine.ts'

export type NetbiosNameView = { readonly name: string; readonly suffix: number; readonly group: boolean }
export type NetbiosCacheView = {
  readonly name: string
  readonly suffix: number
  readonly address: string
  readonly seconds: number
}

export type NetbiosCalls = {
  netbiosNames(): NetbiosNameView[]
  netbiosCache(): NetbiosCacheView[]
  flushNetbios(): void
}

/** Every Windows has it. */
export const netbiosOf = (machine: Machine): Netbios | undefined =>
  machine.windows
    ? new Netbios(
        machine.stack,
        () => machine.hostname,
        (part) => machine.world.add(part),
        machine.world.stored(`${machine.name}/netbios`),
      )
    : undefined

export const netbiosCalls = ({ netbios, sim }: Machine): NetbiosCalls => ({
  netbiosNames: () => netbios?.names.map((one) => ({ ...one })) ?? [],
  netbiosCache: () =>
    (netbios?.remembered() ?? []).map(({ name, suffix, ip, until }) => ({
      name,
      suffix,
      address: formatIp(ip),
      seconds: Math.floor((until - sim.now) / 1_000_000),
    })),
  flushNetbios: () => netbios?.forget(),
})
