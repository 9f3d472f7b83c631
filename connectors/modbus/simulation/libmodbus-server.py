"""A Modbus server of libmodbus (Debian 12: libmodbus5), another judge of what our client sends.

Arguments: tcp | serial PATH. Says on which port of 127.0.0.1 it listens, or that it serves; ends when its standard input
does. It serves one connection after the other, as unit 1 on a serial port and as any over TCP. Register or bit n holds
1000 + n, or whether n is odd.
"""

import ctypes
import os
import socket
import sys
import threading

size = 300
request_bytes_max = 260

library = ctypes.CDLL("libmodbus.so.5", use_errno=True)


class Mapping(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_int)
        for table in ("bits", "input_bits", "input_registers", "registers")
        for name in (f"nb_{table}", f"start_{table}")
    ] + [
        ("tab_bits", ctypes.POINTER(ctypes.c_uint8)),
        ("tab_input_bits", ctypes.POINTER(ctypes.c_uint8)),
        ("tab_input_registers", ctypes.POINTER(ctypes.c_uint16)),
        ("tab_registers", ctypes.POINTER(ctypes.c_uint16)),
    ]


library.modbus_new_tcp.restype = ctypes.c_void_p
library.modbus_new_tcp.argtypes = [ctypes.c_char_p, ctypes.c_int]
library.modbus_new_rtu.restype = ctypes.c_void_p
library.modbus_new_rtu.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_char, ctypes.c_int, ctypes.c_int]
library.modbus_mapping_new.restype = ctypes.POINTER(Mapping)
library.modbus_mapping_new.argtypes = [ctypes.c_int] * 4
library.modbus_set_slave.argtypes = [ctypes.c_void_p, ctypes.c_int]
library.modbus_connect.argtypes = [ctypes.c_void_p]
library.modbus_close.argtypes = [ctypes.c_void_p]
library.modbus_tcp_listen.argtypes = [ctypes.c_void_p, ctypes.c_int]
library.modbus_tcp_accept.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)]
library.modbus_receive.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
library.modbus_reply.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(Mapping)]


def filled():
    mapping = library.modbus_mapping_new(size, size, size, size)
    for index in range(size):
        mapping.contents.tab_bits[index] = mapping.contents.tab_input_bits[index] = index % 2
        mapping.contents.tab_registers[index] = mapping.contents.tab_input_registers[index] = 1000 + index
    return mapping


def answer(context, mapping):
    """Until the client has gone."""
    request = ctypes.create_string_buffer(request_bytes_max)
    while (length := library.modbus_receive(context, request)) >= 0:
        if length > 0:
            library.modbus_reply(context, request, length, mapping)


def serve_tcp():
    context = library.modbus_new_tcp(b"127.0.0.1", 0)
    listening = ctypes.c_int(library.modbus_tcp_listen(context, 8))
    if listening.value < 0:
        sys.exit(os.strerror(ctypes.get_errno()))
    print(socket.socket(fileno=os.dup(listening.value)).getsockname()[1], flush=True)
    mapping = filled()
    while library.modbus_tcp_accept(context, ctypes.byref(listening)) >= 0:
        answer(context, mapping)
        library.modbus_close(context)


def serve_serial(path):
    context = library.modbus_new_rtu(path.encode(), 19200, b"N", 8, 1)
    library.modbus_set_slave(context, 1)
    if library.modbus_connect(context) < 0:
        sys.exit(os.strerror(ctypes.get_errno()))
    print("serving", flush=True)
    answer(context, filled())


def end_with_input():
    sys.stdin.read()
    os._exit(0)


if len(sys.argv) > 1:
    threading.Thread(target=end_with_input, daemon=True).start()
    serve_serial(sys.argv[2]) if sys.argv[1] == "serial" else serve_tcp()
