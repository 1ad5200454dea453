import Crypto
import ParryWire

/// The text of an API key: `cbs_`, 32 random characters and a checksum, so that a mistyped or leaked
/// key is recognised without a look-up (amendment 2).
enum APIKeySecret {
    private static let prefix = "cbs_"
    private static let randomCount = 32
    private static let checksumCount = 6
    private static let alphabet = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// A new key: 32 characters of 62 hold 190 random bits.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<randomCount).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }
        return prefix + String(decoding: random + checksum(of: random), as: UTF8.self)
    }

    /// Whether the text can be a key: prefix, length, characters and checksum.
    static func isWellFormed(_ text: String) -> Bool {
        let body = Array(text.utf8.dropFirst(prefix.utf8.count))
        guard text.hasPrefix(prefix), body.count == randomCount + checksumCount else {
            return false
        }
        return checksum(of: body[..<randomCount]) == Array(body[randomCount...])
    }

    /// What is stored in place of the key. It has 190 random bits, so a plain hash cannot be reversed.
    static func hash(_ text: String) -> SHA256Digest {
        SHA256.hash(data: Array(text.utf8))
    }

    private static func checksum(of bytes: some Sequence<UInt8>) -> [UInt8] {
        var rest = CRC32.checksum(of: bytes)
        return (0..<checksumCount).map { _ in
            defer { rest /= UInt32(alphabet.count) }
            return alphabet[Int(rest % UInt32(alphabet.count))]
        }
    }
}

/// The CRC-32 of zip and Ethernet (reflected polynomial 0xEDB88320).
enum CRC32 {
    static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 {
                let isOdd = crc & 1 == 1
                crc >>= 1
                if isOdd { crc ^= 0xEDB8_8320 }
            }
        }
        return ~crc
    }
}
