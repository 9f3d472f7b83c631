/** Bytes before the function code: MBAP header with the unit id. */
export const headerBytes = 7

export const illegalFunction = 1
export const illegalAddress = 2
export const illegalValue = 3
export const unitSilent = 11

export function exceptionAnswer(request: Buffer, exceptionCode: number): Buffer {
  const answer = beginAnswer(request, 2)
  answer.writeUInt8(request.readUInt8(headerBytes) | 0x80, headerBytes)
  answer.writeUInt8(exceptionCode, headerBytes + 1)
  return answer
}

/** Header and function code as in the request, with room for `pduBytes` (the function code included). */
export function beginAnswer(request: Buffer, pduBytes: number): Buffer {
  const answer = Buffer.alloc(headerBytes + pduBytes)
  request.copy(answer, 0, 0, headerBytes + 1)
  answer.writeUInt16BE(pduBytes + 1, 4)
  return answer
}
