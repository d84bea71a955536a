import type { LabTexts } from '../db/tenant/authored.ts'

/** What a new lab begins as: small, whole, and without a fault. */
export const blankLab: LabTexts = {
  definition: `title: A new lab
summary: What somebody who takes this lab finds, and what they are to do.
around: home

machines:
  pc:
    os: windows-11
    hostname: LABHOST
    adapters: { Ethernet: {} }
    hyperV:
      vms: { vm1: { memory: 2GB } }
  vm1: { os: ubuntu-24.04, adapters: { eth0: {} } }

cables:
  - { name: pc-cable, between: [pc/Ethernet, home-switch] }

checks:
  - id: connected
    check: reaches
    machine: vm1
    target: example.com
    title: vm1 reaches the Internet
    hint: A machine that is switched off reaches nothing.
`,
  brief: `# A new lab

**pc** is a Windows 11 computer with Hyper-V at home. **vm1** is a Linux machine in it, on the Default Switch.

1. Start **vm1** on pc: \`Start-VM vm1\`.

2. On **vm1**, look at its address: \`ip -4 -br address\`. Then ping \`example.com\` and press **Check**.
`,
  solutions: [],
}
