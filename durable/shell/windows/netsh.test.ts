import { describe, expect, test } from 'vitest'
import { fakeConsole } from './fake-console.ts'
import { defaultSwitch, ethernet } from './fake-kernel.ts'

const wifi = {
  ...ethernet,
  index: 12,
  name: 'Wi-Fi',
  description: 'Intel(R) Wi-Fi 6 AX201 160MHz',
  kind: 'wifi' as const,
  ssid: 'HomeWiFi',
  speed: 866_000_000,
}

describe('netsh wlan', () => {
  test('no adapter', () => {
    const console = fakeConsole()
    expect(console.type('netsh wlan show interfaces')).toContain('There is no wireless interface on the system.')
    expect(console.code).toBe(1)
  })

  test('what it is connected to, what is in the air, and moving', () => {
    const console = fakeConsole(undefined, { interfaces: [ethernet, wifi, defaultSwitch] })
    expect(console.type('netsh wlan show interfaces')).toMatch(/ {4}State {18}: connected\n {4}SSID {19}: HomeWiFi\n/)
    expect(console.type('netsh wlan show networks')).toContain('SSID 2 : Cafe WiFi\n')
    expect(console.type('netsh wlan connect name="Cafe WiFi"')).toBe('Connection request was completed successfully.\n')
    expect(console.type('netsh wlan connect name=Nowhere')).toBe(
      'There is no profile "Nowhere" assigned to the specified interface.\n',
    )
    expect(console.type('netsh wlan disconnect')).toBe(
      'Disconnection request was completed successfully for interface "Wi-Fi".\n',
    )
    expect(console.kernel.calls).toEqual(['connectWifi Cafe WiFi', 'connectWifi null'])
    expect(console.type('ipconfig')).toContain('Wireless LAN adapter Wi-Fi:\n')
  })
})

test('netsh interface ipv4 show interfaces', () => {
  expect(fakeConsole().type('netsh interface ipv4 show interfaces')).toBe(
    [
      '',
      'Idx     Met         MTU          State                Name',
      '---  ----------  ----------  ------------  ---------------------------',
      '  1          75  4294967295  connected     Loopback Pseudo-Interface 1',
      ' 15        5000        1500  connected     vEthernet (Default Switch)',
      ' 23          25        1500  connected     Ethernet',
      '',
      '',
    ].join('\n'),
  )
})

test('what is real and what is not', () => {
  expect(fakeConsole().type('netsh winsock reset')).toContain('not simulated here yet')
  expect(fakeConsole().type('netsh bogus')).toBe('The following command was not found: bogus.\n')
})

describe('rasdial', () => {
  test('connects step by step', () => {
    const events = ['resolving', 'connecting', 'authenticating', 'registering'].map((step) => ({ kind: 'progress', step }))
    const console = fakeConsole(() => ({ events: [...events, { kind: 'connected', address: '10.8.0.2' }] }))
    expect(console.type('rasdial "Campus VPN"')).toBe(
      'Connecting to Campus VPN...\nVerifying username and password...\nRegistering your computer on the network...\nSuccessfully connected to Campus VPN.\nCommand completed successfully.\n',
    )
  })

  test('failures carry their number', () => {
    const console = fakeConsole(() => ({ events: [{ kind: 'failed', code: 868, reason: 'resolve' }], code: 868 }))
    expect(console.type('rasdial "Campus VPN"')).toContain('Remote Access error 868 - ')
    expect(console.type('$LASTEXITCODE')).toBe('868\n')
    expect(fakeConsole().type('rasdial nosuch')).toContain('Remote Access error 623 - ')
    expect(fakeConsole().type('rasdial')).toBe('No connections\nCommand completed successfully.\n')
  })
})
