import { describe, expect, it } from 'vitest'
import { jsonSchema } from './definition/json-schema.ts'
import { faultText, parseDefinition } from './definition/parse.ts'
import { yaml } from './test-support.ts'

const faults = (text: string) => {
  const parsed = parseDefinition(text)
  return parsed.ok ? [] : parsed.faults.map(faultText)
}
const changed = (from: string, to: string) => {
  expect(yaml).toContain(from)
  return faults(yaml.replace(from, to))
}

describe('a lab.yaml', () => {
  it('is filled in with defaults', () => {
    const parsed = parseDefinition(yaml)
    if (!parsed.ok) throw new Error(parsed.faults.map(faultText).join('\n'))
    const { machines, cables, checks, epochMicros, zoneMinutes } = parsed.definition
    expect([epochMicros, zoneMinutes]).toEqual([Date.parse('2026-09-14T07:00:00Z') * 1_000, 120])
    expect(machines.map(({ name, role, console, build }) => [name, role, console, build])).toEqual([
      ['desk', 'computer', true, 26_100],
      ['ubuntu-1', 'guest', true, 0],
      ['router', 'router', false, 0],
      ['server', 'server', false, 0],
    ])
    expect(machines[0].hyperV?.vms).toMatchObject([
      { name: 'ubuntu-1', machine: 'ubuntu-1', memoryBytes: 4 * 1024 ** 3, running: true },
    ])
    expect(machines[2].dhcpServers).toMatchObject([{ leaseSeconds: 3_600, router: '192.168.3.1', dnsServers: ['192.168.3.1'] }])
    expect(machines[3].dns?.zones[0].records).toEqual([
      { name: 'example.test', ttl: 3_600, type: 'NS', value: 'ns.example.test' },
      { name: 'ns.example.test', ttl: 300, type: 'A', value: '198.51.100.9' },
      { name: 'www.example.test', ttl: 60, type: 'A', value: '198.51.100.9' },
    ])
    expect(cables.map(({ name, latency, rate }) => [name, latency, rate])).toEqual([
      ['desk-ethernet-home', 2, 1e9],
      ['router-lan-home', 5, 1e9],
      ['hallway-uplink', 5, 1e9],
      ['router-wan-server-eth0', 4_000, 1e8],
    ])
    expect(checks[0]).toMatchObject({
      id: 'guest-has-lease',
      points: 2,
      verb: { kind: 'has-lease', from: 'desk', subnet: 'default-switch' },
    })
  })

  it('is refused with line, field and reason', () => {
    expect(changed('os: ubuntu-24.04', 'os: beos')).toEqual([
      'line 19: machines.ubuntu-1.os must be `windows-11` or `ubuntu-24.04` or `router` or `server`',
    ])
    expect(changed('lease: 1h', 'lease: 1')).toEqual([
      'line 28: machines.router.dhcpServers[0].lease must be a duration such as 50us, 2ms, 30s, 10m, 24h or 8d',
    ])
    expect(changed('latency: 2us', 'latncy: 2us')).toEqual(['line 51: cables[0].latncy is not a known field'])
    expect(changed('title: Two rooms\n', '')).toEqual(['line 1: title is missing'])
    expect(changed('www 60 A', 'www 60 B')[0]).toContain('line 44: machines.server.dns.zones["example.test"][2] has the type B')
    expect(changed('check: reaches', 'check: reach')).toEqual([
      'line 69: checks[1].check is missing or not one of the known kinds',
    ])
    expect(changed('[desk/Ethernet, home]', '[desk/Ether, home]')).toEqual([
      'line 51: cables[0].between[0] desk has no adapter named Ether',
    ])
    expect(changed('[desk/Ethernet, home]', '[ubuntu-1/eth0, home]')[0]).toContain('a guest is on the Default Switch')
    expect(changed('[desk/Ethernet, home]', '[router/lan, home]').join()).toContain('router/lan has another cable already')
    expect(changed('from: desk', 'from: dusk')).toEqual(['line 64: checks[0].from no machine is named dusk'])
    expect(changed('accessPoint: hallway-ap', 'accessPoint: home')).toEqual([
      'line 57: radios[0].accessPoint no access point is named home',
    ])
    expect(changed('last: 192.168.3.99', 'last: 192.168.4.9')[0]).toContain('is not on the network of the adapter')
    expect(changed('        ubuntu-1: {', '        nobody: {')[0]).toContain('no machine is named nobody')
    expect(changed('  router:\n', '  Router:\n').join()).toContain('line 22: machines.Router is not a possible name')
  })

  it('is refused when it is no YAML, or YAML that is no lab', () => {
    for (const text of ['', '[', '- a', 'a: 1\na: 2', '!!js/function "x"', `title: ${'x'.repeat(300_000)}`, '{'.repeat(20_000)]) {
      const [first] = faults(text)
      expect(first).toMatch(/^line \d+: /)
    }
    const bomb = [
      'a: &a [1,1,1,1,1,1,1,1,1]',
      ...'bcdefghij'.split('').map((key, i) => `${key}: &${key} [${`*${'abcdefghi'[i]},`.repeat(9)}]`),
    ].join('\n')
    expect(faults(bomb).join()).toContain('alias')
  })

  it('has a JSON Schema that describes every field, published as /lab.schema.json (vitest -u writes it anew)', async () => {
    const text = `${JSON.stringify(jsonSchema(), null, 2)}\n`
    for (const field of ['machines', 'adapters', 'defaultSwitch', 'dhcpServers', 'zones', 'between', 'accessPoint'])
      expect(text).toContain(`"${field}"`)
    await expect(text).toMatchFileSnapshot('../web/public/lab.schema.json')
  })
})
