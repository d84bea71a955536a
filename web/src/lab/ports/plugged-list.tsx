import type { PortState } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { tell } from '../../ui/tell.ts'
import { useLab } from '../lab-context.ts'
import { framesText } from './commands.ts'

type Props = {
  readonly ports: readonly PortState[]
  readonly labels: ReadonlyMap<string, string>
  readonly onChanged: () => void
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, one) => total + one, 0)
const reasons = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ')

/** The machines that are plugged in now, with what they sent and were sent. */
export function PluggedList({ ports, labels, onChanged }: Props) {
  const { id } = useLab()
  const there = ports.filter((one) => one.state === 'real')
  const unplug = (port: string) => tell(api.unplug(id, port), `Unplugged: ${port}`, onChanged, 'It is still plugged in. ')
  if (there.length === 0) return <p className="ports-none">No real machine is plugged in.</p>
  return (
    <table className="state-table ports-table">
      <thead>
        <tr>
          {['Port', 'Machine', 'Address', 'Sent', 'Received', 'Dropped', ''].map((one) => (
            <th key={one} scope="col">
              {one}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {there.map(({ port, on, mac, attached }) => (
          <tr key={port}>
            <td>
              <code>{port}</code> <small>{labels.get(on) ?? on}</small>
            </td>
            <td>{attached?.label || 'Real machine'}</td>
            <td>
              <code>{mac ?? 'not known yet'}</code>
            </td>
            <td>{framesText(attached?.traffic.in.frames ?? 0, attached?.traffic.in.bytes ?? 0)}</td>
            <td>{framesText(attached?.traffic.out.frames ?? 0, attached?.traffic.out.bytes ?? 0)}</td>
            <td title={attached === null ? '' : reasons(attached.traffic.in.dropped)}>
              {attached === null ? 0 : sum(attached.traffic.in.dropped) + attached.traffic.out.dropped}
            </td>
            <td>
              <Button small aria-label={`Unplug the machine at ${port}`} onClick={() => void unplug(port)}>
                <Icon name="unplugged" size={12} /> Unplug
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
