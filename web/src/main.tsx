import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { applyTheme } from './ui/theme.ts'

applyTheme()
createRoot(document.getElementById('root')!).render(<App />)
