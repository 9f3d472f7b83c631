export { brokenSensorValues } from './broken-sensor.ts'
export { crc16 } from './crc16.ts'
export { type BitFormat, type Decoded, decodeBit, decodeNumber, type NumberFormat } from './decode.ts'
export { decodeText, type TextFormat, textRegistersMax } from './decode-text.ts'
export { encodeNumber } from './encode.ts'
export { type Encoded, encodeBit, encodeBits, encodeText, encodeValue, type Mask } from './encode-value.ts'
export { type FramingName, framingNames, type Line } from './framing.ts'
export { type BlockRequest, type ModbusClient, openModbusClient, type WriteFunctions } from './modbus-client.ts'
export { exceptionCodeOf } from './modbus-exception.ts'
export { baudRates, openSerialWire, parities, type SerialLine, silenceMs } from './open-serial-wire.ts'
export { type Block, type BlockLimits, planBlocks, type Span } from './plan-blocks.ts'
export { type RegisterType, registerCounts, registerTypes, type WordOrder, wordOrders } from './register-type.ts'
export {
  addressMax,
  type BitTable,
  isBitTable,
  type RegisterTable,
  readFunctions,
  registersPerReadMax,
  registersPerWriteMax,
  type Table,
  tables,
  writeFunctions,
} from './tables.ts'
export { socketWire, type Wire } from './wire.ts'
