import { organisationApi, type Usage } from '../api/organisation.ts'
import { useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { monthText } from '../ui/when.ts'
import { AreaFrame } from './area-frame.tsx'
import { Meter } from './meter.tsx'

const dollars = (value: number) => (value > 0 && value < 0.01 ? 'less than $0.01' : `$${value.toFixed(2)}`)

function Figures({ usage }: { readonly usage: Usage }) {
  const { used, limits, cost, people, month } = usage
  const parts: readonly (readonly [string, number])[] = [
    ['Requests', cost.requests],
    ['Live time', cost.duration],
    ['Rows written', cost.rows],
    ['Storage', cost.storage],
    ['Together', cost.total],
  ]
  return (
    <>
      <section className="area-section wide" aria-labelledby="usage">
        <h2 id="usage">In {monthText(month)}</h2>
        <div className="meters">
          <Meter label="Labs" used={used.labs} most={limits['labs'] ?? 0} />
          <Meter label="Machines" used={used.machines} most={limits['machines'] ?? 0} />
          <Meter label="Live hours" used={used.liveHours} most={limits['liveHours'] ?? 0} />
          <Meter label="At rest" used={used.bytes} most={limits['bytes'] ?? 0} bytes />
        </div>
        <p>
          {used.requests.toLocaleString('en')} requests, of at most {(limits['requestsPerMinute'] ?? 0).toLocaleString('en')} a
          minute. Labs are measured once an hour. Limits are set by whoever runs this installation.
        </p>
      </section>
      <section className="area-section" aria-labelledby="cost">
        <h2 id="cost">Estimated cost</h2>
        <table className="area-table">
          <tbody>
            {parts.map(([label, value]) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td className="table-end">{dollars(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p>By list price, this month so far, without what the installation has free.</p>
      </section>
      <section className="area-section wide" aria-labelledby="most">
        <h2 id="most">Who used most</h2>
        {people.length === 0 ? (
          <p>Nothing was counted yet this month.</p>
        ) : (
          <div className="table-scroll">
            <table className="area-table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col" className="table-end">
                    Live hours
                  </th>
                  <th scope="col" className="table-end">
                    Requests
                  </th>
                </tr>
              </thead>
              <tbody>
                {people.map((one) => (
                  <tr key={one.id}>
                    <th scope="row">{one.name}</th>
                    <td className="table-end">{one.liveHours.toFixed(2)}</td>
                    <td className="table-end">{one.requests.toLocaleString('en')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </>
  )
}

export default function UsagePage() {
  const usage = useLoad(organisationApi.usage)
  return (
    <AreaFrame title="Usage">
      {usage.state === 'loading' && <span className="skeleton list-skeleton" role="status" aria-label="Adding up" />}
      {usage.state === 'failed' && (
        <Notice title="The figures did not load" tone="fail">
          <p>{usage.error.message}</p>
          <Button onClick={usage.reload}>Try again</Button>
        </Notice>
      )}
      {usage.state === 'ready' && <Figures usage={usage.value} />}
    </AreaFrame>
  )
}
