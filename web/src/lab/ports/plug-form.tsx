import { useState } from 'react'
import type { PortState } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { Choose } from '../../ui/choose.tsx'
import { copyText } from '../../ui/copy.ts'
import { Icon } from '../../ui/icon.tsx'
import { toast } from '../../ui/toasts.tsx'
import { whenText } from '../../ui/when.ts'
import { useLab } from '../lab-context.ts'
import { attachCommand, type Means, meansWords, qemuOptions } from './commands.ts'

type Props = { readonly ports: readonly PortState[]; readonly labels: ReadonlyMap<string, string> }
type Made = { readonly port: string; readonly token: string; readonly mac: string; readonly expiresAt: string }

const choices = Object.entries(meansWords) as [Means, string][]

/** A free port is chosen and a token made; then the command that plugs a machine in is shown, once. */
export function PlugForm({ ports, labels }: Props) {
  const { id } = useLab()
  const free = ports.filter((one) => one.state === 'free')
  const [wanted, setWanted] = useState('')
  const [label, setLabel] = useState('')
  const [mac, setMac] = useState('')
  const [means, setMeans] = useState<Means>('tap')
  const [made, setMade] = useState<Made | null>(null)
  const port = free.some((one) => one.port === wanted) ? wanted : (free[0]?.port ?? '')
  const address = mac.trim().toLowerCase().replaceAll('-', ':')

  const make = () =>
    api.portToken(id, port, { label: label.trim(), ...(address !== '' && { mac: address }) }).then(
      ({ token, expiresAt }) => setMade({ port, token, mac: address, expiresAt }),
      (error: Error) => toast(`No token was made. ${error.message}`, 'fail'),
    )
  const command = made && attachCommand(means, { ...made, origin: window.location.origin, lab: id })

  return (
    <section className="plug-form" aria-label="Plug in a real machine">
      <h4>Plug in a real machine</h4>
      <p>
        A computer, a virtual machine or a capture file gets a cable to a port of this lab. From then on the lab's time goes on by
        the clock, and what the machine sends is recorded.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void make()
        }}
      >
        <label>
          Port
          <select className="field" value={port} onChange={(event) => setWanted(event.target.value)}>
            {[...new Set(free.map(({ on }) => on))].map((on) => (
              <optgroup key={on} label={labels.get(on) ?? on}>
                {free
                  .filter((one) => one.on === on)
                  .map((one) => (
                    <option key={one.port}>{one.port}</option>
                  ))}
              </optgroup>
            ))}
          </select>
        </label>
        <Choose label="What it is" value={means} options={choices} onChoose={setMeans} />
        <label>
          Name
          <input
            className="field"
            maxLength={80}
            placeholder="my laptop"
            value={label}
            onChange={(event) => setLabel(event.target.value)}
          />
        </label>
        <label>
          MAC address
          <input
            className="field mono"
            maxLength={17}
            placeholder="of its first frame"
            pattern="[0-9a-fA-F]{2}([:\-][0-9a-fA-F]{2}){5}"
            value={mac}
            onChange={(event) => setMac(event.target.value)}
          />
        </label>
        <Button primary type="submit" disabled={port === ''}>
          <Icon name="plug" size={13} /> Make a token
        </Button>
      </form>
      {made !== null && command !== null && (
        <div className="plug-command">
          <p>
            Run this in a copy of Switchroom on that computer. The token is for port <code>{made.port}</code> alone, lets one
            machine in, ends at {whenText(made.expiresAt)}, and is not shown again.
          </p>
          <pre>
            <code>{command}</code>
          </pre>
          {means === 'qemu' && (
            <>
              <p>and give QEMU:</p>
              <pre>
                <code>{qemuOptions(made.mac)}</code>
              </pre>
            </>
          )}
          <Button small onClick={() => void copyText(command, 'The command is copied')}>
            Copy the command
          </Button>
        </div>
      )}
    </section>
  )
}
