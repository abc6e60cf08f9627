"""The files of the bundled example in Caffe's own formats: .caffemodel and LMDB of Datum.

Protobuf is encoded by hand: a dozen lines, against a dependency on Caffe's generated classes.
"""

import os
import shutil
import struct
import tempfile

import lmdb
import numpy as np


def varint(value):
    # Negative numbers take all ten bytes.
    value &= (1 << 64) - 1
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def integer(field, value):
    return varint(field << 3) + varint(value)


def nested(field, content):
    return varint(field << 3 | 2) + varint(len(content)) + content


def write_caffemodel(path, name, layers):
    """Writes a NetParameter; `layers` is a list of (name, type, [float32 arrays])."""
    net = nested(1, name.encode())
    for layer_name, layer_type, blobs in layers:
        layer = nested(1, layer_name.encode()) + nested(2, layer_type.encode())
        for blob in blobs:
            dims = b"".join(varint(dim) for dim in blob.shape)
            data = nested(5, blob.astype("<f4").tobytes())
            layer += nested(7, data + nested(7, nested(1, dims)))
        net += nested(100, layer)
    with open(path, "wb") as file:
        file.write(net)


def fields_of(message):
    """The (field, value) pairs of a message that has varint and length-delimited fields only."""
    at = 0

    def next_varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        tag = next_varint()
        value = next_varint()
        if tag & 7 == 2:
            start, at = at, at + value
            value = message[start:at]
        yield tag >> 3, value


def read_caffemodel(path):
    """{layer name: [float32 arrays]} of a file that write_caffemodel wrote."""
    with open(path, "rb") as file:
        net = file.read()
    layers = {}
    for field, layer in fields_of(net):
        if field != 100:
            continue
        contents = list(fields_of(layer))
        blobs = [dict(fields_of(value)) for field, value in contents if field == 7]
        layers[dict(contents)[1].decode()] = [
            np.frombuffer(blob[5], "<f4").reshape(varints_of(dict(fields_of(blob[7]))[1]))
            for blob in blobs
        ]
    return layers


def varints_of(packed):
    values, value, shift = [], 0, 0
    for byte in packed:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            values.append(value)
            value = shift = 0
    return values


def encode_datum(image, label):
    """A Datum of one grey image, 28 x 28 bytes."""
    height, width = image.shape
    return (
        integer(1, 1)
        + integer(2, height)
        + integer(3, width)
        + nested(4, image.tobytes())
        + integer(5, label)
    )


def write_lmdb(folder, images, labels):
    """Writes data.mdb with the keys of Caffe's convert_mnist_data; returns its bytes."""
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, "data.mdb")
    with tempfile.TemporaryDirectory() as work:
        environment = lmdb.open(work, map_size=1 << 28, lock=False)
        with environment.begin(write=True) as transaction:
            for index, (image, label) in enumerate(zip(images, labels)):
                record = encode_datum(image, int(label))
                transaction.put(b"%08d" % index, record, append=True)
        used = (environment.info()["last_pgno"] + 1) * environment.stat()["psize"]
        environment.close()
        shutil.copyfile(os.path.join(work, "data.mdb"), target)
    size = os.path.getsize(target)
    if size != used:
        raise SystemExit(f"{target} has {size} bytes, of which the database uses {used}")
    with open(target, "rb") as file:
        magic, version = struct.unpack_from("<II", file.read(24), 16)
    if (magic, version) != (0xBEEFC0DE, 1):
        raise SystemExit(f"{target} is not in LMDB's data format 1")
    return size
