export { type Decoded, decodeBit, decodeNumber, type NumberFormat } from './decode.ts'
export { encodeNumber } from './encode.ts'
export { type BlockRequest, type ModbusClient, openModbusClient } from './modbus-client.ts'
export { type Block, type BlockLimits, planBlocks, type Span } from './plan-blocks.ts'
export { type RegisterType, registerCounts, registerTypes, type WordOrder, wordOrders } from './register-type.ts'
export {
  addressMax,
  type BitTable,
  isBitTable,
  type RegisterTable,
  registersPerReadMax,
  type Table,
  tables,
} from './tables.ts'
