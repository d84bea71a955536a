import { expect, test } from 'vitest'
import { fakeConsole } from './fake-console.ts'

// The expected texts are published captures of the real programs.

test('arp -a', () => {
  expect(fakeConsole().type('arp -a')).toBe(`
Interface: 192.168.3.50 --- 0x17
  Internet Address      Physical Address      Type
  192.168.3.1           48-f7-c0-ac-ee-46     dynamic   
  192.168.3.255         ff-ff-ff-ff-ff-ff     static    
  224.0.0.22            01-00-5e-00-00-16     static    
  224.0.0.251           01-00-5e-00-00-fb     static    
  224.0.0.252           01-00-5e-00-00-fc     static    
  239.255.255.250       01-00-5e-7f-ff-fa     static    
  255.255.255.255       ff-ff-ff-ff-ff-ff     static    

Interface: 172.27.160.1 --- 0xf
  Internet Address      Physical Address      Type
  172.27.163.10         00-15-5d-03-32-00     static    
  172.27.165.77         00-15-5d-03-32-01     static    
  172.27.175.255        ff-ff-ff-ff-ff-ff     static    
  224.0.0.22            01-00-5e-00-00-16     static    
  224.0.0.251           01-00-5e-00-00-fb     static    
  239.255.255.250       01-00-5e-7f-ff-fa     static    
  255.255.255.255       ff-ff-ff-ff-ff-ff     static    
`)
})

test('one address, one interface, nothing', () => {
  const console = fakeConsole()
  expect(console.type('arp -a 172.27.163.10').split('\n')).toEqual([
    '',
    'Interface: 172.27.160.1 --- 0xf',
    '  Internet Address      Physical Address      Type',
    '  172.27.163.10         00-15-5d-03-32-00     static    ',
    '',
  ])
  expect(console.type('arp -a -N 192.168.3.50')).not.toContain('172.27')
  expect(console.type('arp -a 10.0.0.1')).toBe('No ARP Entries Found.\n')
  expect(console.code).toBe(1)
})

test('-s and -d', () => {
  const console = fakeConsole()
  console.type('arp -s 192.168.3.9 00-11-22-33-44-55')
  console.type('arp -d 192.168.3.1')
  console.type('arp -d *')
  expect(console.kernel.calls).toEqual([
    'addNeighbor 23 192.168.3.9 001122334455',
    'removeNeighbor 23 192.168.3.1',
    'flushNeighbors 23',
    'flushNeighbors 15',
  ])
  expect(console.type('arp -s x y')).toBe('ARP: bad argument: x\n')
})
