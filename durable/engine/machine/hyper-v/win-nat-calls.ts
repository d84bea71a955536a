import { formatIp, networkOf, parseCidr, parseIp } from '../../wire/addresses.ts'
import { TCP, UDP } from '../../wire/ipv4.ts'
import type { HyperVCalls } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import { settingsOf, type WinNat } from './win-nat.ts'

type WinNatCalls = Pick<
  HyperVCalls,
  | 'netNats'
  | 'newNetNat'
  | 'setNetNat'
  | 'removeNetNat'
  | 'natMappings'
  | 'addNatMapping'
  | 'removeNatMapping'
  | 'natExternalAddresses'
  | 'addNatExternalAddress'
  | 'removeNatExternalAddress'
>

export function winNatCalls(winNat: WinNat): WinNatCalls {
  return {
    netNats: () =>
      winNat.all.map((nat) => ({
        name: nat.name,
        prefix: `${formatIp(nat.network)}/${nat.prefixLength}`,
        external: nat.external ? `${formatIp(nat.external.network)}/${nat.external.prefixLength}` : '',
        ...settingsOf(nat),
      })),
    setNetNat: (name, change) => {
      const times = Object.values(change).filter((value) => typeof value === 'number')
      if (times.some((value) => value < 1 || value > 86_400)) return failed('invalid')
      return winNat.set(name, change) ? OK : failed('not-found')
    },
    natExternalAddresses: () =>
      winNat.all.flatMap(({ name, addresses = [] }) => addresses.map(({ id, ip }) => ({ id, nat: name, address: formatIp(ip) }))),
    addNatExternalAddress: (nat, address) => {
      const ip = parseIp(address)
      if (ip === undefined) return failed('invalid')
      const made = winNat.addAddress(nat, ip)
      return typeof made === 'string' ? failed(made) : { ok: true, value: made }
    },
    removeNatExternalAddress: (id) => (winNat.removeAddress(id) ? OK : failed('not-found')),
    newNetNat: (name, prefix, external = '') => {
      const outside = external === '' ? null : parseCidr(external)
      if (outside === undefined) return failed('invalid')
      const network = parseCidr(prefix)
      if (!network || networkOf(network.address, network.prefixLength) !== network.address) return failed('invalid')
      const done = winNat.add(
        name,
        network.address,
        network.prefixLength,
        outside && { network: outside.address, prefixLength: outside.prefixLength },
      )
      return done === 'ok' ? OK : failed(done)
    },
    removeNetNat: (name) => (winNat.remove(name) ? OK : failed('not-found')),
    natMappings: () =>
      winNat.forwards.map(({ nat, forward }) => ({
        id: forward.id,
        nat,
        protocol: forward.protocol === TCP ? 'TCP' : 'UDP',
        externalAddress: formatIp(forward.externalIp),
        externalPort: forward.externalPort,
        internalAddress: formatIp(forward.internalIp),
        internalPort: forward.internalPort,
        remotePrefix: `${formatIp(forward.remote)}/${forward.remotePrefixLength}`,
      })),
    addNatMapping: (nat, { protocol, externalAddress, externalPort, internalAddress, internalPort, remotePrefix }) => {
      const [externalIp, internalIp, remote] = [parseIp(externalAddress), parseIp(internalAddress), parseCidr(remotePrefix)]
      const port = (value: number) => Number.isInteger(value) && value >= 1 && value <= 65_535
      if (externalIp === undefined || internalIp === undefined || !remote || !port(externalPort) || !port(internalPort))
        return failed('invalid')
      const made = winNat.forward(nat, {
        protocol: protocol === 'TCP' ? TCP : UDP,
        externalIp,
        externalPort,
        internalIp,
        internalPort,
        remote: remote.address,
        remotePrefixLength: remote.prefixLength,
      })
      return typeof made === 'string' ? failed(made) : { ok: true, value: made.id }
    },
    removeNatMapping: (id) => (winNat.removeForward(id) ? OK : failed('not-found')),
  }
}
