import { useEffect, useState } from 'react'
import { links, type OpenedLink } from '../api/links.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toasts.tsx'

const words = ({ part }: OpenedLink): string =>
  part === 'watch'
    ? 'You may watch this lab.'
    : part === 'read'
      ? 'This is the lab as it was. It can be looked at, and nobody types here.'
      : part === 'fork'
        ? 'This lab is yours: it goes on from where the other one was.'
        : 'You may work in this lab.'

/** Where a link to a lab leads: it is opened once, and the page goes on to what it gives. */
export default function OpenLinkPage() {
  const [failed, setFailed] = useState<string | null>(null)
  // Taken out of the address, so that it is not copied with it.
  const [token] = useState(() => window.location.hash.slice(1))
  useEffect(() => {
    document.title = 'Opening a lab · Switchroom'
    let current = true
    if (token === '') {
      setFailed('The address has lost its end. Ask whoever sent it for the whole link.')
      return
    }
    window.history.replaceState(null, '', '/open')
    links.open(token).then(
      (opened) => {
        if (!current) return
        navigate(`/labs/${opened.lab}`, true)
        toast(words(opened))
      },
      (error: Error) => current && setFailed(error.message),
    )
    return () => {
      current = false
    }
  }, [token])
  return (
    <div className="home">
      <PageHeader />
      {failed === null ? (
        <Loading text="Opening the lab" />
      ) : (
        <Notice title="This link does not open anything" tone="fail" centre>
          <p>{failed}</p>
          <Button onClick={() => navigate('/')}>Go to your labs</Button>
        </Notice>
      )}
    </div>
  )
}
