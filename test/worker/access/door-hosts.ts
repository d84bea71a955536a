import { FakeLabHost, FakeNamespace } from '../fake-lab-host.ts'

const made = new FakeLabHost()

/** Labs behind whose door there is nothing: whatever gets that far is answered 409 `reached`. */
export class DoorHosts extends FakeNamespace {
  /** Calls that got as far as a lab, by its object. */
  readonly reached: string[] = []

  override get(id: string): FakeLabHost {
    const host = {
      create: (input: Parameters<FakeLabHost['create']>[0]) => made.create(input),
      destroy: async () => ({ ok: true, value: null }),
      disconnect: async () => ({ ok: true, value: null }),
      fetch: () => made.fetch(new Request('https://lab/socket')),
    }
    const no = async () => ({ ok: false, status: 409, code: 'reached', message: 'Somebody is in.' })
    return new Proxy(host, {
      get: (target, call) => {
        if (call === 'then') return undefined
        this.reached.push(id)
        return (target as Record<PropertyKey, unknown>)[call] ?? no
      },
    }) as unknown as FakeLabHost
  }
}
