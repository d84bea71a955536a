// The cmdlets of the system around the network.
import type { Cmdlet } from '../cmdlet.ts'
import { getCimInstance, getWmiObject, invokeCimMethod } from './get-cim-instance.ts'
import { convertToSecureString, getCredential } from './get-credential.ts'
import { getProcess, stopProcess } from './get-process.ts'
import {
  getService,
  restartService,
  resumeService,
  setService,
  startService,
  stopService,
  suspendService,
} from './get-service.ts'
import { clearEventLog, getEventLog, getWinEvent } from './get-win-event.ts'
import { enterPsSession, exitPsSession, getPsSession, invokeCommand, newPsSession, removePsSession } from './invoke-command.ts'
import { copyItem, getChildItem, getItem, getPsDrive, moveItem, newItem, removeItem, renameItem, testPath } from './item/items.ts'
import { getLocation, popLocation, pushLocation, resolvePathCmdlet, setLocation } from './item/location.ts'
import { getItemProperty, getItemPropertyValue, newItemProperty, removeItemProperty, setItemProperty } from './item/properties.ts'

export const windowsCmdlets: readonly Cmdlet[] = [
  getCimInstance,
  getWmiObject,
  invokeCimMethod,
  copyItem,
  getChildItem,
  getItem,
  getLocation,
  getPsDrive,
  moveItem,
  newItem,
  removeItem,
  renameItem,
  setLocation,
  pushLocation,
  popLocation,
  resolvePathCmdlet,
  testPath,
  getItemProperty,
  getItemPropertyValue,
  newItemProperty,
  removeItemProperty,
  setItemProperty,
  clearEventLog,
  convertToSecureString,
  enterPsSession,
  exitPsSession,
  getCredential,
  getEventLog,
  getProcess,
  getPsSession,
  getService,
  getWinEvent,
  invokeCommand,
  newPsSession,
  removePsSession,
  restartService,
  resumeService,
  setService,
  startService,
  stopProcess,
  stopService,
  suspendService,
]
