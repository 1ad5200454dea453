/// A word of the contract, which the platform may have more of than this version knows: reading an unknown one is no
/// error.
///
/// ```swift
/// if alert.status == .actionRequired { … }
/// switch enrolment.status.known { case .enabled: …; case nil: …; default: … }
/// ```
public struct Word<Known>: Sendable, Hashable, CustomStringConvertible
where Known: RawRepresentable<String> & Sendable {
    /// As it travels, such as `ACTION_REQUIRED`.
    public let text: String

    /// A word as it came.
    public init(text: String) {
        self.text = text
    }

    /// A word of this version.
    public init(_ known: Known) {
        text = known.rawValue
    }

    /// The word's case; nil where this version has none.
    public var known: Known? { Known(rawValue: text) }

    public var description: String { text }

    /// Whether it is this word.
    public static func == (left: Word, right: Known) -> Bool { left.text == right.rawValue }

    /// Whether it is another word.
    public static func != (left: Word, right: Known) -> Bool { left.text != right.rawValue }
}

extension Optional {
    /// Whether there is a word and it is this one.
    public static func == <Known>(left: Self, right: Known) -> Bool where Wrapped == Word<Known> {
        left?.text == right.rawValue
    }

    /// Whether there is no word, or another one.
    public static func != <Known>(left: Self, right: Known) -> Bool where Wrapped == Word<Known> {
        left?.text != right.rawValue
    }
}

extension Word: Codable {
    /// Reads any text.
    public init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes ``text``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
