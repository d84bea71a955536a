import { z } from 'zod'
import {
  adapterName,
  anyIp,
  cidr,
  cidr6,
  domainName,
  hostName,
  ip,
  ip6,
  mac,
  machineName,
  named,
  shownName,
  ssid,
  text,
} from './names.ts'
import { dhcpServer, dns, http, nat, ssh, vpn, vpnServer } from './services-schema.ts'
import { dhcpv6Server, ipv6Firewall, routerAdvertisement } from './services6-schema.ts'
import { memory } from './units.ts'

export const adapter = z
  .strictObject({
    kind: z
      .enum(['ethernet', 'wifi', 'virtual'])
      .default('ethernet')
      .describe('virtual: of other software (Npcap, VirtualBox, Docker); it is up, and nobody is behind it'),
    description: text(80).optional().describe('the product name that Windows shows'),
    mac: mac.optional().describe('default: drawn from the seed'),
    address: z
      .union([z.literal('dhcp'), cidr], {
        error: 'must be `dhcp`, or an IPv4 address with a prefix length such as 192.168.3.1/24',
      })
      .default('dhcp'),
    gateway: ip.optional(),
    address6: z
      .union([z.enum(['auto', 'none']), cidr6], {
        error: 'must be `auto`, `none`, or an IPv6 address with a prefix length such as 2001:db8:1::1/64',
      })
      .default('auto')
      .describe('auto: a link-local address, and what routers advertise; with an address, advertisements are not heard'),
    gateway6: ip6.optional().describe('the router beyond a fixed IPv6 address'),
    metric: z.int().min(0).max(9_999).default(0).describe('interface metric, 0 = automatic'),
    joins: z.array(ssid).max(8).default([]).describe('Wi-Fi networks that the adapter joins by itself, best first'),
  })
  .describe(
    'A network adapter. A guest of Hyper-V has its adapters on the Default Switch; all others are cabled or joined by radio',
  )

const vm = z
  .strictObject({
    machine: machineName.optional().describe('the machine that runs in it; default: the machine of the same name'),
    memory: memory.prefault('2GB'),
    generation: z.union([z.literal(1), z.literal(2)]).default(2),
    automaticStop: z.enum(['Save', 'ShutDown', 'TurnOff']).default('Save'),
    automaticStart: z.enum(['StartIfRunning', 'Start', 'Nothing']).default('StartIfRunning'),
    running: z.boolean().default(true).describe('whether it runs when the lab begins'),
    reportsAddresses: z.boolean().default(true).describe('its integration service tells the computer its addresses'),
    enlightened: z.boolean().optional().describe('false: it has no drivers for synthetic devices, so only emulated adapters'),
    processors: z.int().min(1).max(8).optional().describe('virtual processors, default 2'),
    exposeVirtualizationExtensions: z.boolean().optional().describe('a hypervisor may run in it: nested virtualization'),
  })
  .describe('A virtual machine on the Default Switch')

export const hyperV = z
  .strictObject({
    vms: named(shownName, vm, 32).default({}),
    defaultSwitch: z
      .strictObject({
        dhcp: z.boolean().default(true),
        dns: z.boolean().default(true),
        nat: z.boolean().default(true),
        prefixLength: z.int().min(16).max(28).optional().describe('default: as the Windows build has it, 20 or 28'),
      })
      .describe('The mechanisms behind the Default Switch; one that is switched off takes away what depends on it')
      .prefault({}),
  })
  .describe('Hyper-V on this computer')

export const machine = z
  .strictObject({
    os: z.enum(['windows-11', 'ubuntu-24.04', 'router', 'server']),
    hostname: hostName.optional().describe('default: the name of the machine'),
    build: z.int().min(10_240).max(99_999).optional().describe('Windows build, default 26100'),
    edition: z.enum(['client', 'server']).optional().describe('of Windows: a server has Switch Embedded Teaming; default client'),
    role: z
      .enum(['computer', 'guest', 'router', 'server'])
      .optional()
      .describe('how the picture draws it; default: `guest` in a virtual machine, else by `os`'),
    console: z.boolean().optional().describe('whether people get a terminal on it; default: yes for Windows and Ubuntu'),
    adapters: named(adapterName, adapter, 16).default({}),
    routes: z
      .array(
        z.strictObject({
          to: z.union([z.literal('default'), cidr, cidr6], {
            error: 'must be `default` or a prefix such as 10.0.0.0/8 or 2001:db8::/32',
          }),
          via: anyIp,
        }),
      )
      .max(64)
      .default([]),
    dnsServers: z
      .array(anyIp)
      .max(4)
      .default([])
      .describe('of either family; adapters with a fixed address ask them, others are told by DHCP or routers'),
    searchDomains: z.array(domainName).max(6).default([]),
    answersPing: z.boolean().optional().describe('default: everything but Windows, whose firewall rule for echo requests is off'),
    forwarding: z
      .boolean()
      .optional()
      .describe('passes on packets that are for others; default: routers and whatever translates addresses'),
    mdns: z.boolean().optional().describe('names under .local by multicast DNS; default: Windows and Ubuntu'),
    llmnr: z.boolean().optional().describe('single names by link-local multicast name resolution; default: Windows'),
    dhcpServers: z.array(dhcpServer).max(8).default([]),
    nat: nat.optional(),
    routerAdvertisements: z.array(routerAdvertisement).max(8).default([]),
    dhcpv6Servers: z.array(dhcpv6Server).max(8).default([]),
    ipv6Firewall: ipv6Firewall.optional(),
    multicastQuerier: z
      .array(adapterName)
      .max(8)
      .default([])
      .describe('adapters on which it asks every two minutes who listens to which groups (IGMP version 3, MLD version 2)'),
    dns: dns.optional(),
    http: http.optional(),
    ssh: ssh.optional(),
    vpnServer: vpnServer.optional(),
    vpns: named(shownName, vpn, 8).default({}),
    hyperV: hyperV.optional(),
  })
  .describe('A computer, a guest, a router or a server')

export type MachineSource = z.infer<typeof machine>
export type AdapterSource = z.infer<typeof adapter>
