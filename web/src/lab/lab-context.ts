import { createContext, use, useSyncExternalStore } from 'react'
import type { PacketRow } from '../../../durable/protocol.ts'
import { useStore } from '../ui/store.ts'
import type { LabClient } from './lab-client.ts'
import type { LabState } from './lab-state.ts'

export const LabContext = createContext<LabClient | null>(null)

export function useLab(): LabClient {
  const lab = use(LabContext)
  if (lab === null) throw new Error('outside of a lab page')
  return lab
}

export function useLabState<S>(select: (state: LabState) => S): S {
  return useStore(useLab().state, select)
}

export function usePackets(): readonly PacketRow[] {
  const { packets } = useLab()
  useSyncExternalStore(packets.subscribe, packets.version)
  return packets.rows
}
