import type { Kernel } from '../../../engine/machine/kernel.ts'
import { ip, isV6 } from '../../windows/network.ts'
import { cmdlet } from '../cmdlet.ts'
import { cim, select } from './cim.ts'

const states: Record<string, string> = {
  LISTENING: 'Listen',
  LISTEN: 'Listen',
  ESTABLISHED: 'Established',
  TIME_WAIT: 'TimeWait',
  CLOSE_WAIT: 'CloseWait',
  SYN_SENT: 'SynSent',
  SYN_RECEIVED: 'SynReceived',
  FIN_WAIT_1: 'FinWait1',
  FIN_WAIT_2: 'FinWait2',
  LAST_ACK: 'LastAck',
  CLOSING: 'Closing',
}

/** IPv6 first, then high ports first, as the CIM class lists them. */
function sockets(kernel: Kernel, protocol: 'tcp' | 'udp') {
  return [...kernel.sockets()]
    .filter((one) => one.protocol === protocol)
    .sort(
      (a, b) =>
        Number(isV6(b.localAddress)) - Number(isV6(a.localAddress)) ||
        b.localPort - a.localPort ||
        ip(b.localAddress) - ip(a.localAddress),
    )
}

const common = { LocalAddress: 'LocalAddress', LocalPort: 'LocalPort', OwningProcess: 'OwningProcess' } as const
const tcpFilters = {
  ...common,
  RemoteAddress: 'RemoteAddress',
  RemotePort: 'RemotePort',
  State: 'State',
  AppliedSetting: 'AppliedSetting',
  OffloadState: 'OffloadState',
} as const

export const getNetTcpConnection = cmdlet(
  { name: 'Get-NetTCPConnection', module: 'NetTCPIP', synopsis: 'Gets TCP connections.', supports: Object.keys(tcpFilters) },
  (call, bound) => {
    const items = sockets(call.kernel, 'tcp').map((one) => {
      const state = states[one.state.toUpperCase().replace(/-/g, '_')] ?? one.state
      return cim('MSFT_NetTCPConnection', {
        LocalAddress: one.localAddress,
        LocalPort: one.localPort,
        RemoteAddress: one.remoteAddress || (isV6(one.localAddress) ? '::' : '0.0.0.0'),
        RemotePort: one.remotePort,
        State: state,
        AppliedSetting: state === 'Listen' ? '' : 'Internet',
        OwningProcess: one.pid,
        CreationTime: null,
        OffloadState: 'InHost',
      })
    })
    return select(call, bound, 'MSFT_NetTCPConnection', items, tcpFilters, 'query')
  },
)

export const getNetUdpEndpoint = cmdlet(
  { name: 'Get-NetUDPEndpoint', module: 'NetTCPIP', synopsis: 'Gets UDP endpoints.', supports: Object.keys(common) },
  (call, bound) =>
    select(
      call,
      bound,
      'MSFT_NetUDPEndpoint',
      sockets(call.kernel, 'udp').map((one) =>
        cim('MSFT_NetUDPEndpoint', {
          LocalAddress: one.localAddress,
          LocalPort: one.localPort,
          OwningProcess: one.pid,
          CreationTime: null,
        }),
      ),
      common,
      'query',
    ),
)
