import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { enterConsole, OpenPage } from './open-page.tsx'
import { ShownOnce } from './shown-once.tsx'

type Props = { readonly name: string; readonly code: string; readonly children: ReactNode }

/** For who came without an address: the code to come back with, before the console opens. */
export const ReturnCodePage = ({ name, code, children }: Props) => (
  <OpenPage title={`Welcome, ${name}`}>
    <ShownOnce label="Your return code" text={code} copied="Return code copied">
      {children}
    </ShownOnce>
    <Button primary onClick={() => enterConsole()}>
      I have it. Go on
    </Button>
  </OpenPage>
)
