import type { InterfaceView, WifiView } from '../../engine/machine/views.ts'
import { named } from './netsh.ts'
import { dashed } from './network.ts'
import type { Gen, ProgramIo } from './program.ts'

const noService = 'There is no wireless interface on the system.'

export function* netshWlan(args: readonly string[], io: ProgramIo): Gen<number> {
  const say = function* (...lines: readonly string[]): Gen {
    for (const line of lines) yield* io.line(line)
  }
  const [verb = '', what = ''] = args.map((arg) => arg.toLowerCase())
  const adapters = io.kernel.adapters().filter((one) => one.kind === 'wifi')
  if (adapters.length === 0) {
    yield* say('', noService, '')
    return 1
  }
  if (verb === 'show' && /^int/.test(what)) {
    yield* say('', `There ${adapters.length === 1 ? 'is 1 interface' : `are ${adapters.length} interfaces`} on the system:`, '')
    for (const one of adapters) yield* say(...interfaceLines(one, io.kernel.wifiNetworks()), '')
    return 0
  }
  if (verb === 'show' && /^net/.test(what)) {
    const networks = adapters[0].enabled ? io.kernel.wifiNetworks() : []
    yield* say('', `Interface name : ${adapters[0].name} `, `There are ${networks.length} networks currently visible. `, '')
    for (const [i, one] of networks.entries()) {
      yield* say(
        `SSID ${i + 1} : ${one.ssid}`,
        '    Network type            : Infrastructure',
        '    Authentication          : WPA2-Personal',
        '    Encryption              : CCMP ',
        '',
      )
    }
    return 0
  }
  if (verb === 'connect') {
    const ssid = named(args.slice(1), 'name').name ?? named(args.slice(1)).ssid
    if (ssid === undefined) {
      yield* say('One or more parameters for the command are not correct or missing.', '')
      return 1
    }
    const done = io.kernel.connectWifi(ssid)
    if (done.ok) yield* say('Connection request was completed successfully.')
    else if (done.error === 'media-disconnected' || done.error === 'wrong-state')
      yield* say("The wireless local area network interface is powered down and doesn't support the requested operation.")
    else yield* say(`There is no profile "${ssid}" assigned to the specified interface.`)
    return done.ok ? 0 : 1
  }
  if (verb === 'disconnect') {
    io.kernel.connectWifi(null)
    yield* say(`Disconnection request was completed successfully for interface "${adapters[0].name}".`)
    return 0
  }
  yield* say(`netsh wlan ${verb} ${what}: this command is real, but it is not simulated here yet.`)
  return 1
}

function interfaceLines(one: InterfaceView, networks: readonly WifiView[]): string[] {
  const row = (label: string, value: string) => `    ${label.padEnd(22)} : ${value}`
  const signal = networks.find((network) => network.ssid === one.ssid)?.signal ?? 0
  const state = !one.enabled ? 'disconnected' : one.up ? 'connected' : 'disconnected'
  const lines = [
    row('Name', one.name),
    row('Description', one.description),
    row('GUID', one.guid.replace(/[{}]/g, '').toLowerCase()),
    row('Physical address', dashed(one.mac).replace(/-/g, ':').toLowerCase()),
    row('Interface type', 'Primary'),
    row('State', state),
  ]
  if (state !== 'connected') return [...lines, row('Radio status', 'Hardware On'), `${' '.repeat(29)}Software On`]
  const rate = String(Math.floor(one.speed / 1_000_000))
  return [
    ...lines,
    row('SSID', one.ssid),
    row('Network type', 'Infrastructure'),
    row('Radio type', '802.11ac'),
    row('Authentication', 'WPA2-Personal'),
    row('Cipher', 'CCMP'),
    row('Connection mode', 'Profile'),
    row('Receive rate (Mbps)', rate),
    row('Transmit rate (Mbps)', rate),
    row('Signal', `${signal}% `),
    row('Profile', `${one.ssid} `),
  ]
}
