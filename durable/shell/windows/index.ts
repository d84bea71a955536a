import { arp } from './arp.ts'
import { bcdedit } from './bcdedit.ts'
import { cmd } from './cmd.ts'
import { curl } from './curl.ts'
import { findstr } from './findstr.ts'
import { hcsdiag } from './hcsdiag.ts'
import { ipconfig } from './ipconfig.ts'
import { nbtstat } from './nbtstat.ts'
import { net } from './net.ts'
import { netsh } from './netsh.ts'
import { netstat } from './netstat.ts'
import { nslookup } from './nslookup.ts'
import { pathping } from './pathping.ts'
import { ping } from './ping.ts'
import { pktmon } from './pktmon.ts'
import type { Program } from './program.ts'
import { rasdial } from './rasdial.ts'
import { reg } from './reg.ts'
import { route } from './route.ts'
import { sc } from './sc.ts'
import { shutdown } from './shutdown.ts'
import { getmac, hostname, whoami } from './small.ts'
import { systeminfo } from './systeminfo.ts'
import { taskkill, tasklist } from './tasklist.ts'
import { tracert } from './tracert.ts'
import { wsl } from './wsl.ts'

/** The classic programs that have behaviour here. A new one is a file and a line. */
export const programs: readonly Program[] = [
  arp,
  bcdedit,
  cmd,
  curl,
  findstr,
  getmac,
  hcsdiag,
  hostname,
  ipconfig,
  nbtstat,
  net,
  netsh,
  netstat,
  nslookup,
  pathping,
  ping,
  pktmon,
  rasdial,
  reg,
  route,
  sc,
  shutdown,
  systeminfo,
  taskkill,
  tasklist,
  tracert,
  whoami,
  wsl,
]
