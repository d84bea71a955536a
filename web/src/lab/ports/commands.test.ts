import { expect, it } from 'vitest'
import { attachCommand, framesText, qemuOptions, sizeText } from './commands.ts'

const place = { origin: 'https://lab.test', lab: 'abc', port: 'home:5', token: 'srp_x', mac: '' }

it('a command has the lab, the port, and the token where no list of processes shows it', () => {
  const command = attachCommand('qemu', place)
  expect(command).toBe(
    'SWITCHROOM_TOKEN=srp_x npm run attach -- --url https://lab.test --lab abc --port home:5 --qemu 127.0.0.1:5555',
  )
  expect(attachCommand('tap', { ...place, mac: '02:00:00:00:00:01' })).toMatch(/^sudo .* --tap tap0 --mac 02:00:00:00:00:01$/)
  expect(attachCommand('pcap', place)).toContain('--pcap-in FILE.pcapng')
  expect(qemuOptions('')).not.toContain('mac=')
  expect(qemuOptions('02:00:00:00:00:01')).toContain(',mac=02:00:00:00:00:01')
})

it('sizes are told short', () => {
  expect([framesText(1, 42), framesText(12_345, 2e6)]).toEqual(['1 frame, 42 B', '12,345 frames, 2.0 MB'])
  expect([0, 999, 1_000, 1_549, 99_900, 1_500_000, 12e9].map(sizeText)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '1.5 kB',
    '100 kB',
    '1.5 MB',
    '12.0 GB',
  ])
})
