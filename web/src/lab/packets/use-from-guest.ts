import { useLab, useLabState } from '../lab-context.ts'

/** Whether a packet was seen at a virtual machine, from which it has a longer way than over a cable. */
export function useFromGuest(packet: number): boolean {
  const lab = useLab()
  const topology = useLabState((state) => state.topology)
  const guests = new Set(topology?.nodes.filter((one) => one.kind === 'guest').map((one) => one.name))
  return lab.packets.rows.some((row) => row.packet === packet && guests.has(row.where.split(' / ')[0]))
}
