import Crypto

/// A place in the feed of a partner's events: `cur_` and 22 base58 characters that hold the position and a check,
/// so that a mistyped one, or one of another partner, is told from one that was given.
public struct FeedCursor: Sendable, Hashable {
    /// `cur_`
    public static let prefix = "cur_"

    /// How many of the partner's events lie before it.
    public let position: Int64
    /// The cursor as it travels.
    public let text: String

    /// The place behind so many events of the partner.
    public init(position: Int64, of partner: PartnerID) {
        self.position = position
        let bits = UInt128(UInt64(bitPattern: position)) << 64 | Self.check(position, partner)
        text = Self.prefix + Base58.encode(bits)
    }

    /// Reads a cursor that a caller sent.
    ///
    /// - Returns: nil for a text that was never given to this partner.
    public init?(_ text: String, of partner: PartnerID) {
        guard text.hasPrefix(Self.prefix),
            let bits = Base58.decode(text.utf8.dropFirst(Self.prefix.utf8.count))
        else { return nil }
        let position = Int64(bitPattern: UInt64(truncatingIfNeeded: bits >> 64))
        self.init(position: position, of: partner)
        guard position >= 0, self.text == text else { return nil }
    }

    private static func check(_ position: Int64, _ partner: PartnerID) -> UInt128 {
        let digest = SHA256.hash(data: Array("\(partner.text) \(position)".utf8))
        return digest.prefix(8).reduce(0) { $0 << 8 | UInt128($1) }
    }
}
