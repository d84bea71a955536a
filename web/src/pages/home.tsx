import { useEffect, useState } from 'react'
import { api } from '../api/client.ts'
import { useLoad } from '../api/use-load.ts'
import { LeavingLabs } from '../organisation/leaving-labs.tsx'
import { navigate } from '../router.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { Catalogue } from './catalogue.tsx'
import './home.css'
import { LabList } from './lab-list.tsx'
import { takeWanted } from './wanted.ts'

export function HomePage() {
  const labs = useLoad(api.labs)
  const [wanted] = useState(takeWanted)
  useEffect(() => {
    document.title = 'Labs · Switchroom'
    if (wanted !== null) navigate(wanted)
  }, [wanted])
  return (
    <div className="home">
      <PageHeader />
      <main className="home-main">
        <h1 className="visually-hidden">Labs</h1>
        <section aria-labelledby="my-labs">
          <h2 id="my-labs">Your labs</h2>
          <LabList labs={labs} />
          <LeavingLabs />
        </section>
        <section aria-labelledby="catalogue">
          <h2 id="catalogue">Start a lab</h2>
          <Catalogue />
        </section>
      </main>
      <footer className="home-footer">
        <a href="/docs.html">HTTP interface</a>
      </footer>
    </div>
  )
}
