import { describe, expect, it } from 'vitest'
import { type Journal, normalised, similarity } from './similarity.ts'

const journal = (name: string, lines: readonly (string | [line: string, exit: number])[], from = 0): Journal => ({
  submission: name.toLowerCase(),
  name,
  lines: lines.map((one, at) => {
    const [line, exitStatus] = typeof one === 'string' ? [one, 0] : one
    return { id: at + 1, wall: from + at * 30_000, console: 'pc', line, exitStatus }
  }),
})
const usual = ['ipconfig', 'Get-VM', 'Get-VMSwitch', 'ping 10.0.0.1', 'arp -a']
const DAY = 24 * 3600_000

/** Everybody follows the brief, and then does something of their own. */
const others = Array.from({ length: 12 }, (_, i) =>
  journal(
    `Other${i}`,
    [...usual, `echo ${'abcdefghijkl'[i]}`, `nslookup ${'abcdefghijkl'[i]}.example`, `tracert ${'abcdefghijkl'[i]}`],
    i * DAY,
  ),
)

describe('similarity', () => {
  it('says nothing of a class that follows the same brief', () => {
    expect(similarity(others)).toEqual({ journals: 12, pairs: [] })
    expect(similarity([])).toEqual({ journals: 0, pairs: [] })
    expect(similarity([journal('Alone', usual)]).pairs).toEqual([])
  })

  it('finds two who share what nobody else has, and names the lines', () => {
    const own: [string, number][] = [
      ['Get-VMSwich', 1],
      ['Set-VMNetworkAdaptor -Name x', 1],
    ]
    const odd = ['echo start', ...own, 'netsh int ip show', 'route print -4', 'getmac /v']
    const [ann, ben] = [journal('Ann', [...usual, ...odd]), journal('Ben', ['hostname', ...usual, ...odd], 10_000)]
    const { pairs } = similarity([...others, ann, ben])
    expect(pairs).toHaveLength(1)
    const [pair] = pairs
    expect([pair.one.name, pair.other.name]).toEqual(['Ann', 'Ben'])
    expect(pair.mistakes).toBe(2)
    expect(pair.runs).toBeGreaterThan(2)
    expect(pair.moments).toBeGreaterThan(0)
    expect(pair.alike).toBeGreaterThan(80)
    const typo = pair.shared.find(({ text }) => text === 'Get-VMSwich')
    expect(typo).toMatchObject({ kind: 'mistake', has: 2, one: 7, other: 8 })
  })

  it('is not hidden by other addresses, numbers, spaces and capital letters', () => {
    expect(normalised('  PING   -n 4 192.168.3.17 ')).toBe(normalised('ping -n 9 10.0.0.1'))
    expect(normalised('New-NetIPAddress 10.1.2.3/24')).toBe('new-netipaddress <ip>')
    expect(normalised('arp -s 10.0.0.1 02-00-5E-10-00-01')).toBe(normalised('arp -s 10.9.9.9 aa:bb:cc:dd:ee:ff'))
    expect(normalised('ping fe80::1')).toBe(normalised('ping 2001:db8::17'))
    expect(normalised('ipconfig /all')).not.toBe(normalised('ipconfig'))
  })

  it('takes the same command again and again for impatience', () => {
    const [ann, ben] = ['Ann', 'Ben'].map((name) => journal(name, Array(40).fill('ping 10.0.0.1')))
    expect(similarity([...others, ann, ben]).pairs).toEqual([])
  })

  it('stays quick and bounded for a class of 200 that typed a thousand lines each', () => {
    const many = Array.from({ length: 200 }, (_, i) =>
      journal(
        `S${i}`,
        Array.from(
          { length: 1_000 },
          (_, n) => `do ${String.fromCharCode(97 + ((i * 7 + n * (n % 13)) % 26))}${String.fromCharCode(97 + (n % 26))}`,
        ),
      ),
    )
    const { pairs } = similarity(many)
    expect(pairs.length).toBeLessThanOrEqual(100)
    expect(pairs.every(({ shared }) => shared.length <= 12)).toBe(true)
  })
})
