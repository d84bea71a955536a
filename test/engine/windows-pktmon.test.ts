// pktmon as a view of what the adapters carry.
import { describe, expect, it } from 'vitest'
import type { Interface } from '../../durable/engine/ip/interface.ts'
import { restoreLab } from '../../durable/engine/lab/index.ts'
import type { Lab } from '../../durable/engine/lab/lab.ts'
import type { Machine } from '../../durable/engine/machine/machine.ts'
import type { PacketMonitor } from '../../durable/engine/machine/windows/packet-monitor.ts'
import { aDatagram } from '../../durable/engine/test-support/lone-stack.ts'
import { shells } from '../../durable/runtime.ts'
import { walkFirstLab as home } from './first-lab.ts'

describe('pktmon', () => {
  it('filters, captures, counts and converts; what was captured survives the lab being put away', () => {
    const walk = home()
    expect(walk.type('pc', 'pktmon filter add Echo -i 192.168.3.1 -t ICMP')).toBe('Filter added.\n')
    expect(walk.type('pc', 'pktmon filter list')).toMatch(/Packet Filters:\n[\s\S]* 1 Echo +ICMP +192\.168\.3\.1\n/)
    expect(walk.type('pc', 'pktmon start --capture --pkt-size 0')).toContain('Packet Filters:\n    1 Echo\n')
    walk.type('pc', 'ping -n 2 192.168.3.1')
    walk.type('pc', 'Resolve-DnsName www.example.com')
    const lab = walk.lab as Lab
    walk.lab = restoreLab(lab.definition, lab.seed, shells, JSON.parse(JSON.stringify(lab.save())))
    walk.type('pc', 'ping -n 1 192.168.3.1')
    expect(walk.type('pc', 'pktmon counters')).toMatch(/ {2}23 Intel\(R\) Ethernet Connection.* 3 +222 +3 +222 +0\n/)
    expect(walk.type('pc', 'pktmon stop')).toContain('PktMon.etl (No events lost)\n')
    expect(walk.type('pc', 'pktmon etl2pcap PktMon.etl --out a.pcapng')).toContain(
      'Packets total:       6\nPacket drop count:   0\n',
    )
    walk.type('pc', 'pktmon etl2txt PktMon.etl')
    expect(walk.type('pc', 'Get-Content PktMon.txt')).toMatch(/Tx Ethernet, 74 bytes: 192\.168\.3\.50 > 192\.168\.3\.1 ICMP Echo/)
    expect(walk.type('pc', 'pktmon filter remove')).toBe('Removed all filters.\n')
  })

  it('says what the firewall dropped', () => {
    const walk = home()
    walk.type('pc', 'pktmon start -c')
    walk.type('desk', 'ping -c 1 -W 1 192.168.3.50')
    walk.type('pc', 'pktmon stop')
    walk.type('pc', 'pktmon etl2txt PktMon.etl')
    expect(walk.type('pc', 'Get-Content PktMon.txt')).toContain('Drop: no enabled inbound rule of pc allows ICMP echo requests')
  })

  it('counts as dropped only what it shows: not a frame of the same moment that its filter passes over', () => {
    const walk = home()
    walk.type('pc', 'pktmon filter add Names -t UDP -p 53')
    walk.type('pc', 'pktmon start -c')
    const pc = (walk.lab as Lab).parts.machines.get('pc') as Machine
    const monitor = pc.network?.monitor as PacketMonitor
    const via = pc.stack.byName('Ethernet') as Interface
    const [names, others] = [aDatagram({ srcPort: 53 }), aDatagram({ srcPort: 54, dstPort: 55 })]
    monitor.frame(via, false, names)
    monitor.frame(via, false, others)
    monitor.dropped('of the other')
    expect(monitor.view.packets.map(({ drop }) => drop)).toEqual([''])
    monitor.frame(via, false, names)
    monitor.dropped('of this one')
    expect(monitor.view.packets.map(({ drop }) => drop)).toEqual(['', 'of this one'])
    expect(monitor.view.counters).toMatchObject([{ interface: via.index, received: 2, drops: 1 }])
  })
})
