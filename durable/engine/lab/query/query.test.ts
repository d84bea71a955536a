import { describe, expect, it } from 'vitest'
import { type Answer, parseQuery, type Query, runQuery } from './index.ts'
import { history } from './sample-history.ts'

const parsed = (text: string): Query => {
  const found = parseQuery(text)
  if (!found.ok) throw new Error(`${text}: ${found.message} at ${found.at}`)
  return found.query
}
const ask = (text: string): Answer => runQuery(parsed(text), history)

describe('what a query answers', () => {
  it.each<[string, boolean, number[], number[]]>([
    ['packet(dhcp.option.dhcp == 5) at ubuntu1', true, [4], []],
    ['packet(dhcp.option.dhcp == 6)', false, [], []],
    ['packet(arp) at router/lan received', true, [5], []],
    ['packet dropped', true, [9], []],
    ['packet(icmp) verdict no-route at router', true, [9], []],
    ['packet by "ping*10.0.0.1"', true, [9], []],
    ['never packet(tcp)', true, [], []],
    ['never packet(icmp.type == 8) at router dropped', false, [9], []],
    ['never packet(icmp) until 10s', true, [], []],
    ['packet(icmp) since 15s', true, [9], []],
    ['command("PING*") on ubuntu1 status 0', true, [], [2]],
    ['command("ping*") on ubuntu1:2', true, [], [3]],
    ['command failed', true, [], [3]],
    ['command("ip *") output "192.168.50.10"', true, [], [1]],
    ['command("show*") ended', false, [], []],
    ['change("switch/*", "state") to "down"', true, [], []],
    ['packet(arp) before packet(icmp)', true, [5, 7], []],
    ['packet(icmp) before packet(arp)', false, [5, 7], []],
    ['command("ping*") before packet(arp)', true, [5], [2]],
    ['packet(arp) before command("ping*")', false, [5], [2]],
    ['packet(icmp) before packet(icmp)', false, [7], []],
    ['packet(dhcp.option.dhcp == 1) then packet(dhcp.option.dhcp == 2) then packet(dhcp.option.dhcp == 5)', true, [1, 2, 4], []],
    ['packet(icmp.type == 0) then packet(icmp.type == 8)', true, [8, 9], []],
    ['packet(arp.opcode == 1) then packet(icmp.type == 8) within 5ms', true, [5, 7], []],
    ['packet(icmp.type == 8) then packet(icmp.type == 0) within 500us', false, [7, 8], []],
    ['packet(icmp.type == 0) within 5ms after packet(icmp.type == 8)', true, [7, 8], []],
    ['packet(icmp.type == 0) within 5ms before packet(icmp.type == 8)', false, [8, 9], []],
    ['packet(dhcp) within 2s of command("ip *")', false, [4], [1]],
    ['packet(dhcp) within 4s of command("ip *")', true, [1], [1]],
    ['every packet(icmp.type == 8) at router received followed by packet(icmp.type == 0) within 1s', false, [9], []],
    ['every packet(dhcp.option.dhcp == 3) followed by packet(dhcp.option.dhcp == 5) within 1s', true, [3, 4], []],
    ['every packet(tcp) followed by packet(udp)', true, [], []],
    ['count(packet(icmp.type == 8)) == 2', true, [7, 9], []],
    ['count(packet(icmp.type == 8)) > 2', false, [7, 9], []],
    ['count(command("ping*")) >= 2', true, [], [2, 3]],
    ['packet(arp) and command("ping*") and never packet(tcp)', true, [5], [2]],
    ['packet(tcp) or packet(arp)', true, [5], []],
    ['packet(tcp) and packet(arp)', false, [], []],
    ['not (packet(tcp) or packet(udp.port == 53))', true, [], []],
    ['never (packet(icmp.type == 8) within 500us of packet(icmp.type == 0))', true, [7, 8], []],
  ])('%s: %s', (text, holds, packets, commands) => {
    const answer = ask(text)
    expect([answer.holds, answer.evidence.packets, answer.evidence.commands]).toEqual([holds, packets, commands])
    expect(answer.why).toMatch(/^[A-Z].*[.?]$/)
  })

  it('says why', () => {
    expect(ask('packet(arp) before packet(icmp)').why).toBe(
      'Packet 5 at ubuntu1/eth0 (10 s) came before packet 7 at ubuntu1/eth0 (10.003 s).',
    )
    expect(ask('never packet(tcp) at router').why).toBe('There was no packet(tcp) at router.')
    expect(ask('packet(icmp.type == 0) within 1ms after packet(icmp.type == 8)').why).toBe(
      'Packet 8 at ubuntu1/eth0 (10.005 s) came 1 ms after packet 7 at router/lan (10.004 s).',
    )
    expect(ask('count(packet(arp)) > 2').why).toBe('The count of packet(arp) is 2, which is not > 2.')
    expect(ask('command("ping*") failed').why).toBe('There is line 3 on ubuntu1:2, “ping -c 1 10.0.0.1” (20 s).')
  })

  it('takes a name that nobody has for a mistake, not for an answer', () => {
    for (const text of ['never packet(tcp) at ubntu1', 'not packet(tcp) at ubntu1', 'never command("x") on ubntu1']) {
      expect(ask(text)).toMatchObject({ holds: false, why: 'There is no machine ubntu1 in this lab; did you mean ubuntu1?' })
    }
    const { holds, why } = runQuery(parsed('never change("x")'), { ...history, changes: undefined })
    expect([holds, why]).toEqual([false, 'This history has no changes of state.'])
    expect(runQuery(parsed('never packet at win1'), { ...history, machines: ['win1'] }).holds).toBe(true)
  })

  it('refuses what a client made up', () => {
    const bad = (query: Query) => runQuery(query, history)
    expect(bad({ kind: 'never', event: { kind: 'packet', filter: 'ip.adr' } })).toMatchObject({ holds: false })
    expect(bad({ kind: 'never', event: { kind: 'packet', filter: '', since: -1 } }).why).toContain('not below zero')
    expect(bad({ kind: 'and', all: [] }).holds).toBe(false)
    let deep: Query = parsed('never packet(tcp)')
    for (let i = 0; i < 10_000; i++) deep = { kind: 'not', query: deep }
    expect(bad(deep).why).toContain('nested')
    const many: Query = { kind: 'or', all: Array.from({ length: 300 }, () => parsed('packet(arp)')) }
    expect(bad(many).why).toContain('at most')
  })
})
