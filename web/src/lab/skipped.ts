import { api } from '../api/client.ts'
import type { PacketLog } from './packet-log.ts'

const PAGE = 500

/** What the socket left out because this page did not keep up, from the capture. What is not kept any more stays away. */
export async function fetchSkipped(id: string, log: PacketLog, from: number, to: number): Promise<void> {
  let after = from - 1
  while (after < to) {
    const page = await api.packets(id, { after, limit: PAGE }).catch(() => null)
    if (page === null || page.packets.length === 0 || page.next <= after) return
    log.fill(page.packets.filter((one) => one.sequence <= to))
    after = page.next
  }
}
