import type { ModbusProfile } from './modbus-profile.ts'

const tenths = (address: number) => ({ table: 'holding', address, type: 'int16', scale: 0.1 }) as const

export const eurotherm3500: ModbusProfile = {
  id: 'eurotherm-3500',
  title: 'Eurotherm 3500 process controller',
  manufacturer: 'Eurotherm',
  model: '3504, 3508',
  source: "minimalmodbus' example driver eurotherm3500.py (loop 1)",
  notes: [
    'target_temperature is the working set point (5), which follows a program or ramp; the target set point is 2.',
    'The process value stands at 1 as well.',
    'One decimal place is assumed; where the display has another give the points with their own scale.',
  ],
  points: [
    { metric: 'temperature', unit: 'Cel', address: tenths(289) },
    { metric: 'target_temperature', unit: 'Cel', address: tenths(5) },
  ],
}
