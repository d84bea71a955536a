import { HEADROOM } from '../durable/engine/ip/output.ts'
import { bindUdp, sendUdp } from '../durable/engine/ip/udp.ts'
import { guestOf, newLab } from './lab.ts'
const lab = newLab()
const { sim } = lab.parts
const from = guestOf(lab, 'ubuntu1'), to = guestOf(lab, 'ubuntu2')
let received = 0
const owner = { name: 'bench', datagram: () => void received++ } as any
const s: any = bindUdp(from.stack, owner, { port: 5001 }); bindUdp(to.stack, owner, { port: 5001 })
const payload = new Uint8Array(64).fill(0x5a)
const burst = (n: number, t = 50) => { for (let i = 0; i < n; i++) sendUdp(from.stack, s, to.ip, 5001, payload); sim.run(sim.now + t) }
burst(1, 1000)
for (let r = 0; r < 6; r++) { const t = process.cpuUsage(); for (let i = 0; i < 10000; i++) burst(64); const u = process.cpuUsage(t); console.log(Math.round(640000 / ((u.user + u.system) / 1e6)), received) }
