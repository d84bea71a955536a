import { readSignature, type Signature } from '../binding/signature.ts'
import { dnsClientSignatures } from './dns-client.ts'
import { hostNetworkingServiceSignatures } from './host-networking-service.ts'
import { hyperVSignatures } from './hyper-v.ts'
import { netAdapterSignatures } from './net-adapter.ts'
import { netConnectionSignatures } from './net-connection.ts'
import { netNatSignatures } from './net-nat.ts'
import { netSecuritySignatures } from './net-security.ts'
import { netTcpipSignatures } from './net-tcpip.ts'

const modules: readonly (readonly [module: string, lines: string])[] = [
  ['Hyper-V', hyperVSignatures],
  ['NetAdapter', netAdapterSignatures],
  ['NetTCPIP', netTcpipSignatures],
  ['NetSecurity', netSecuritySignatures],
  ['NetNat', netNatSignatures],
  ['NetConnection', netConnectionSignatures],
  ['DnsClient', dnsClientSignatures],
  ['HostNetworkingService', hostNetworkingServiceSignatures],
]

export type Documented = { readonly name: string; readonly module: string; readonly signature: () => Signature }

/** Every documented cmdlet by its name in lower case. Parameters are read when first asked for. */
export const documented: ReadonlyMap<string, Documented> = new Map(
  modules.flatMap(([module, lines]) =>
    lines
      .trim()
      .split('\n')
      .map((line): [string, Documented] => {
        const name = /^[\w-]+/.exec(line)?.[0] ?? ''
        let read: Signature | undefined
        return [name.toLowerCase(), { name, module, signature: () => (read ??= readSignature(line)) }]
      }),
  ),
)
