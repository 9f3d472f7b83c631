import type { ModbusProfile } from './modbus-profile.ts'

export const dixellXr75cx: ModbusProfile = {
  id: 'dixell-xr75cx',
  title: 'Dixell XR75CX and XR60CX refrigeration controller',
  manufacturer: 'Dixell (Copeland)',
  model: 'XR75CX, XR60CX',
  source:
    'Open drivers that agree on probe 1 (the C driver dev_XR75CX_module; the Vino gateway, on a live bus 2026-08); the maker does not publish the map',
  notes: [
    "Register 0x0420 is forbidden: a write to it changes the controller's own bus address and takes the whole line down.",
    'The other registers differ by model and firmware and are left out. The set point was found at 0x042D (int16, scale 0.1) on one XR75CX: add it as a point where yours has it.',
  ],
  settings: { forbidden: [{ table: 'holding', address: 0x0420 }] },
  points: [
    { metric: 'temperature', unit: 'Cel', address: { table: 'holding', address: 0x0100, type: 'int16', scale: 0.1 } },
  ],
}
