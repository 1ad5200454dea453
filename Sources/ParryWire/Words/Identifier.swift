/// What an identifier names: one case-free type per resource, so that the compiler keeps an order's id
/// out of a place where an alert's is meant.
public protocol IdentifiedResource: Sendable {
    /// The prefix of the resource's ids, underscore included (CONTRACT.md 1.1).
    static var idPrefix: String { get }
}

/// An id of the platform: a prefix and 22 base58 characters that hold 48 bits of milliseconds,
/// a 12-bit slot and 68 random bits, so ids sort by time and carry their tenant's slot.
public struct Identifier<Resource: IdentifiedResource>: Sendable, Hashable, CustomStringConvertible
{
    /// The id as it travels, for example `org_1tRgWHsvPHUpcaPkpAdkXh`.
    public let text: String

    /// Reads an id that a caller sent.
    ///
    /// - Returns: nil unless the text has the resource's prefix and 22 base58 characters; such a text
    ///   names nothing, so the caller answers "not found".
    public init?(_ text: String) {
        let body = text.utf8.dropFirst(Resource.idPrefix.utf8.count)
        guard text.hasPrefix(Resource.idPrefix), Base58.decode(body) != nil else { return nil }
        self.text = text
    }

    /// Takes an id that was made by ``make(at:slot:)`` and kept, without looking at it again.
    @inlinable public init(stored text: String) {
        self.text = text
    }

    /// A new id.
    ///
    /// - Parameters:
    ///   - now: Real time; gives the first 48 bits.
    ///   - slot: The tenant's slot, 0 to 4095; 0 for what has no organisation.
    public static func make(at now: Timestamp, slot: Int) -> Identifier {
        let (first, second) = RandomBlock.shared.next()
        let high = UInt64(truncatingIfNeeded: now.milliseconds) << 16
        let slotAndRandom = UInt64(slot & IdentifierLayout.slotMax) << 4 | (first & 0xF)
        let bits = UInt128(high | slotAndRandom) << 64 | UInt128(second)
        return Identifier(stored: Resource.idPrefix + Base58.encode(bits))
    }

    /// The slot that the id carries, 0 to 4095.
    public var slot: Int {
        Int(truncatingIfNeeded: bits >> 68) & IdentifierLayout.slotMax
    }

    @inlinable public var description: String { text }

    /// Inlinable as its hash is, so that dictionaries of other rooms are made for it.
    @inlinable
    public static func == (one: Identifier, other: Identifier) -> Bool { one.text == other.text }

    /// By the last characters alone, which are random: ids are keys of what is done for every webhook.
    @inlinable
    public func hash(into hasher: inout Hasher) {
        var last: UInt64 = 0
        for byte in text.utf8.suffix(8) { last = last << 8 | UInt64(byte) }
        hasher.combine(last)
    }

    /// When it was made, to the millisecond.
    public var createdAt: Timestamp {
        Timestamp(milliseconds: Int64(truncatingIfNeeded: bits >> 80))
    }

    private var bits: UInt128 {
        Base58.decode(text.utf8.dropFirst(Resource.idPrefix.utf8.count)) ?? 0
    }

    /// The least and the greatest id that could have been made in this millisecond, in any slot. A time outside
    /// of what 48 bits hold is taken to their end.
    public static func bounds(at time: Timestamp) -> (first: Identifier, last: Identifier) {
        let millisecond = UInt128(min(max(0, time.milliseconds), 1 << 48 - 1))
        return bounds(millisecond << 80, free: 80)
    }

    /// The least and the greatest id that could have been made together with another resource's: in the same
    /// millisecond and slot.
    public static func bounds<Other>(
        like id: Identifier<Other>
    ) -> (first: Identifier, last: Identifier) {
        bounds((id.bits >> 68) << 68, free: 68)
    }

    private static func bounds(
        _ first: UInt128, free: UInt128
    ) -> (first: Identifier, last: Identifier) {
        let last = first | (1 << free - 1)
        return (
            Identifier(stored: Resource.idPrefix + Base58.encode(first)),
            Identifier(stored: Resource.idPrefix + Base58.encode(last))
        )
    }
}

/// The layout of an id's 128 bits.
public enum IdentifierLayout {
    /// The greatest slot: 12 bits.
    public static let slotMax = 0xFFF
    /// Characters after the prefix: 58^22 is just over 2^128.
    public static let characters = 22
}
