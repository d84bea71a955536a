import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import { cmdlet } from '../cmdlet.ts'
import { cim } from './cim.ts'

export const getVpnConnection = cmdlet(
  {
    name: 'Get-VpnConnection',
    module: 'VpnClient',
    synopsis: 'Gets VPN connection profiles.',
    supports: ['Name'],
    signature: 'Name[]@0<n AllUserConnection? AsJob? CimSession:CimSession[](Session) ThrottleLimit:Int32',
  },
  function* (call, bound) {
    const all = call.kernel.vpns()
    const names = bound.texts('Name')
    for (const name of names) {
      if (hasWildcard(name) || all.some((one) => one.name.toLowerCase() === name.toLowerCase())) continue
      call.error({
        message: `VPN connection ${name} was not found. `,
        category: 'NotSpecified',
        target: `${name}:root/Microsoft/...S_VpnConnection`,
        exception: 'CimException',
        id: 'VPN 623',
      })
    }
    for (const one of all) {
      if (names.length > 0 && !names.some((name) => wildcard(name)(one.name))) continue
      yield* call.emit(
        cim('VpnConnection', {
          Name: one.name,
          ServerAddress: one.server,
          AllUserConnection: false,
          Guid: '{3A1F6E52-8C0B-4D57-9E2B-7D3C1A5F4B60}',
          TunnelType: one.protocol,
          AuthenticationMethod: ['MsChapv2'],
          EncryptionLevel: 'Required',
          L2tpIPsecAuth: '',
          UseWinlogonCredential: false,
          EapConfigXmlStream: '',
          ConnectionStatus: one.status,
          RememberCredential: true,
          SplitTunneling: one.splitTunneling,
          DnsSuffix: '',
          IdleDisconnectSeconds: 0,
        }),
      )
    }
  },
)
