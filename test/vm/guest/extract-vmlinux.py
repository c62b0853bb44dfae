#!/usr/bin/env python3
"""Unpacks a kernel image (bzImage) to the ELF file in it: extract-vmlinux.py VMLINUZ VMLINUX."""
import lzma
import sys
from pathlib import Path

XZ_MAGIC = b"\xfd7zXZ\x00"

image = Path(sys.argv[1]).read_bytes()
at = image.find(XZ_MAGIC)
while at >= 0:
    try:
        kernel = lzma.LZMADecompressor(format=lzma.FORMAT_XZ).decompress(image[at:])
    except lzma.LZMAError:
        kernel = b""  # The magic number by chance.
    if kernel.startswith(b"\x7fELF"):
        Path(sys.argv[2]).write_bytes(kernel)
        sys.exit(0)
    at = image.find(XZ_MAGIC, at + 1)
sys.exit(f"no ELF kernel packed with XZ in {sys.argv[1]}")
