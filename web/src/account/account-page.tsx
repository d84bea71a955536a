import { useEffect } from 'react'
import { type Account, accountApi } from '../api/account.ts'
import { useLoad } from '../api/use-load.ts'
import '../organisation/organisation.css'
import '../sign-in/sign-in.css'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { AddressSection, NameSection, PasswordSection, ReturnCodeSection } from './account-forms.tsx'
import { DataSection, OrganisationsSection, SessionsSection, UsageSection } from './account-sections.tsx'

function Sections({ account, reload }: { readonly account: Account; readonly reload: () => void }) {
  return (
    <>
      <NameSection account={account} reload={reload} />
      <PasswordSection account={account} reload={reload} />
      <AddressSection account={account} reload={reload} />
      <ReturnCodeSection />
      <OrganisationsSection account={account} />
      <SessionsSection account={account} reload={reload} />
      <UsageSection />
      <DataSection account={account} />
    </>
  )
}

export default function AccountPage() {
  const account = useLoad(accountApi.get)
  useEffect(() => {
    document.title = 'Your account · Switchroom'
  }, [])
  return (
    <div className="area-page">
      <PageHeader />
      <main className="area-main narrow">
        <h1>Your account</h1>
        {account.state === 'loading' && <Loading text="Looking you up" />}
        {account.state === 'failed' && (
          <Notice title="Your account did not load" tone="fail">
            <p>{account.error.message}</p>
            <Button onClick={account.reload}>Try again</Button>
          </Notice>
        )}
        {account.state === 'ready' && <Sections account={account.value} reload={account.reload} />}
      </main>
    </div>
  )
}
