@testable import Trace

/// What stands for secrets.
func masked(_ bytes: some Collection<UInt8>) -> [UInt8] {
  [UInt8](repeating: 0x2A, count: bytes.count)
}

/// Whether the bytes are these, the filling in place of hidden ones.
func == (masked: MaskedBytes, bytes: [UInt8]) -> Bool { masked.bytes == bytes }
