import { SignInCard } from '../sign-in/sign-in-card.tsx'
import { ThemeToggle } from '../ui/theme-toggle.tsx'
import { Wordmark } from '../ui/wordmark.tsx'
import { LandingDrawing } from './landing-drawing.tsx'
import './landing.css'

export function LandingPage({ opening }: { readonly opening: boolean }) {
  return (
    <div className="landing">
      <header className="landing-header">
        <Wordmark />
        <strong>Switchroom</strong>
        <ThemeToggle />
      </header>
      <main className="landing-main">
        <section className="landing-text">
          <h1>A network lab with every frame on the table</h1>
          <p>
            A Windows 11 computer with Hyper-V, its guests, the home network around it and an Internet behind that. Type what you
            would type on the real thing, then open any packet that it caused.
          </p>
          <SignInCard opening={opening} />
          <p className="landing-small">
            Running Switchroom yourself? <code>npm start</code> prints links for a demo school, with somebody in every role.
          </p>
        </section>
        <LandingDrawing />
      </main>
      <footer className="landing-footer">
        <a href="/docs.html">HTTP interface</a>
      </footer>
    </div>
  )
}
