"""A Modbus server of pymodbus 3.0 (Debian 12: python3-pymodbus), the judge of what our client sends.

Arguments: tcp | rtu | serial PATH. Says on which port of 127.0.0.1 it listens, or that it serves; ends when its
standard input does.
Units 1 and 2: register or bit n holds unit * 1000 + n, or whether n is odd.
"""
import asyncio
import logging
import os
import sys
import threading

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

framers = {"tcp": ModbusSocketFramer, "rtu": ModbusRtuFramer}
size = 300


def unit(number):
    registers = [number * 1000 + index for index in range(size)]
    bits = [index % 2 == 1 for index in range(size)]
    return ModbusSlaveContext(
        hr=ModbusSequentialDataBlock(0, registers),
        ir=ModbusSequentialDataBlock(0, registers),
        co=ModbusSequentialDataBlock(0, bits),
        di=ModbusSequentialDataBlock(0, bits),
        zero_mode=True,
    )


def units():
    return ModbusServerContext(slaves={1: unit(1), 2: unit(2)}, single=False)


async def serve_serial(path):
    # A pseudo-terminal carries no parity, and pyserial is refused when it asks one for it.
    line = {"port": path, "baudrate": 19200, "parity": "N", "stopbits": 1, "bytesize": 8}
    server = ModbusSerialServer(units(), ModbusRtuFramer, ignore_missing_slaves=True, **line)
    await server.start()
    if server.transport is None:
        sys.exit(f"{path} cannot be served")
    print("serving", flush=True)
    await server.serve_forever()


async def serve(framing):
    context = units()
    server = ModbusTcpServer(context, framers[framing], address=("127.0.0.1", 0))
    serving = asyncio.ensure_future(server.serve_forever())
    await server.serving
    print(server.server.sockets[0].getsockname()[1], flush=True)
    await serving


def end_with_input():
    sys.stdin.read()
    os._exit(0)


if len(sys.argv) > 1:
    # It reports every connection that ends as an error.
    logging.disable()
    threading.Thread(target=end_with_input, daemon=True).start()
    asyncio.run(serve_serial(sys.argv[2]) if sys.argv[1] == "serial" else serve(sys.argv[1]))
