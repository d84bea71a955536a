import { attachEchoes, attachRoundTrips } from './attach.ts'
import { classOpens, classOpensVariants } from './class-opens.ts'
import { manyConsoles } from './consoles.ts'
import { dhcpExchanges } from './dhcp.ts'
import { napt64, napt1500, switch64, switch1500 } from './forwarding.ts'
import { fuzzFrames } from './fuzz.ts'
import { gradeSubmission } from './grade.ts'
import { gradesIdentical, variantsSolvable } from './grades.ts'
import type { Benchmark } from './harness.ts'
import { consoleTime, exampleLines, fuzzPowershell, scriptTime } from './powershell.ts'
import { firstLabOpen, firstPing, guestHeap, labHeap } from './processes.ts'
import { killRecover, recoveryWorkerd, replaySessions } from './recover.ts'
import { regradeClass } from './regrade.ts'
import { labsAtRest, openLabs, wake } from './rest.ts'
import { captureSeal } from './seal.ts'
import { tcpSegments } from './segments.ts'
import { execMedian } from './service.ts'
import { bundleGzip, pageScriptGzip, shellGzip } from './sizes.ts'
import { fork, jump, openCold } from './time.ts'
import { labDeliveries, pingRoundTrips } from './traffic.ts'
import { whyNamed, whyTime } from './why.ts'

export const benchmarks: readonly Benchmark[] = [
  switch64,
  switch1500,
  napt64,
  napt1500,
  tcpSegments,
  labDeliveries,
  captureSeal,
  pingRoundTrips,
  dhcpExchanges,
  firstPing,
  labHeap,
  guestHeap,
  firstLabOpen,
  execMedian,
  classOpens,
  classOpensVariants,
  whyNamed,
  whyTime,
  gradeSubmission,
  bundleGzip,
  shellGzip,
  pageScriptGzip,
  openCold,
  fork,
  jump,
  killRecover,
  replaySessions,
  recoveryWorkerd,
  labsAtRest,
  wake,
  openLabs,
  manyConsoles,
  attachEchoes,
  attachRoundTrips,
  regradeClass,
  fuzzFrames,
  fuzzPowershell,
  scriptTime,
  consoleTime,
  exampleLines,
  gradesIdentical,
  variantsSolvable,
]
