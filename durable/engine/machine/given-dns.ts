// Servers for names that the lab's definition gives a machine: its adapters with a fixed address ask them, of either family. An
// adapter that asks for its addresses asks for servers too.
import { type Ip4, type Ip6, parseAddress, parseCidr, parseCidr6 } from '../wire/addresses.ts'
import type { AdapterDefinition, MachineDefinition } from './definition.ts'

export function givenDns(
  { dnsServers }: MachineDefinition,
  { address, address6 = 'auto' }: AdapterDefinition,
): { readonly fours: Ip4[]; readonly sixes: Ip6[] } {
  const fixed4 = parseCidr(address) !== undefined
  const fixed6 = parseCidr6(address6) !== undefined
  const servers = dnsServers.map(parseAddress)
  return {
    fours: fixed4 ? servers.filter((ip) => typeof ip === 'number') : [],
    sixes: fixed4 || fixed6 ? servers.filter((ip) => typeof ip === 'bigint') : [],
  }
}
