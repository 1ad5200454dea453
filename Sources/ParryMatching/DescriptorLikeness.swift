import ParryDomain

/// A statement descriptor in the form in which two of them are compared.
///
/// Networks upper-case descriptors, cut them mid-word, turn spaces into `*`, put a facilitator in front and a
/// city or telephone number behind (NETWORKS.md); shops store them as they wish.
struct DescriptorLikeness: Sendable, Hashable {
    /// Letters and digits without facilitator, spaces and trailing numbers.
    private let letters: [UInt8]
    /// The words that tell merchants apart.
    private let words: [[UInt8]]
    /// ``words`` without spaces.
    private let name: [UInt8]

    /// Nil when too little is left to say anything.
    init?(_ text: String?) {
        guard let text else { return nil }
        var tokens = DescriptorWords.split(text)
        while tokens.count > 1, let last = tokens.last, last.allSatisfy(MatchKey.isDigit) {
            tokens.removeLast()
        }
        letters = tokens.flatMap(\.self)
        guard letters.count >= MatchingRules.descriptorMin else { return nil }
        let telling = tokens.filter { !DescriptorWords.isGeneric($0) }
        words = telling.isEmpty ? tokens : telling
        name = words.flatMap(\.self)
    }

    /// `equal` also for one that is the other cut off or added to; `near` for what one merchant may have
    /// sent; `contradicts` only for what clearly is another's.
    static func compare(_ left: DescriptorLikeness?, _ right: DescriptorLikeness?) -> Evidence {
        guard let left, let right else { return .absent }
        if left.isSame(as: right) { return .equal }
        return left.sharesWord(with: right) || left.sharesPairs(with: right) ? .near : .contradicts
    }

    private func isSame(as other: DescriptorLikeness) -> Bool {
        if letters == other.letters { return true }
        let shorter = letters.count < other.letters.count ? letters : other.letters
        let longer = letters.count < other.letters.count ? other.letters : letters
        return shorter.count >= MatchingRules.descriptorCutMin && longer.starts(with: shorter)
    }

    private func sharesWord(with other: DescriptorLikeness) -> Bool {
        words.contains { word in
            other.words.contains { Self.isCut(word, of: $0) || Self.isCut($0, of: word) }
        } || Self.contains(name, other.name) || Self.contains(other.name, name)
    }

    private static func isCut(_ part: [UInt8], of word: [UInt8]) -> Bool {
        part.count >= MatchingRules.descriptorSharedMin && word.starts(with: part)
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count > MatchingRules.descriptorSharedMin, part.count <= text.count else {
            return false
        }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }

    private func sharesPairs(with other: DescriptorLikeness) -> Bool {
        let mine = Self.pairs(name)
        let theirs = Self.pairs(other.name)
        let total = mine.count + theirs.count
        guard total > 0 else { return false }
        let common = mine.intersection(theirs).count
        return 200 * common >= MatchingRules.descriptorPairsPercentMin * total
    }

    private static func pairs(_ text: [UInt8]) -> Set<UInt16> {
        Set(zip(text, text.dropFirst()).map { UInt16($0) << 8 | UInt16($1) })
    }
}

/// How a descriptor falls into words.
enum DescriptorWords {
    private static let facilitators = Set(StatementDescriptor.facilitators.map { Array($0.utf8) })
    private static let spacedFacilitators = Set(
        StatementDescriptor.spacedFacilitators.map { Array($0.utf8) })
    /// Words that merchants share.
    private static let generic: [[UInt8]] = [
        "WWW", "COM", "NET", "ORG", "HTTP", "HTTPS", "INC", "LLC", "LTD", "GMBH", "CORP", "THE",
        "STORE", "SHOP", "ONLINE", "PAYMENT", "BILLING", "MONTHLY", "YEARLY", "ANNUAL", "WEEKLY",
        "SUBSCRIPTION", "MEMBERSHIP", "SERVICES", "PREMIUM", "RENEWAL", "PURCHASE", "TRIAL",
    ].map { Array($0.utf8) }

    /// The words in upper case without accents, without the facilitator.
    static func split(_ text: String) -> [[UInt8]] {
        var text = folded(text)
        if let star = text.firstIndex(of: UInt8(ascii: "*")),
            let first = words(text[..<star]).first, facilitators.contains(first),
            !words(text[(star + 1)...]).isEmpty
        {
            text = Array(text[(star + 1)...])
        }
        let words = words(text[...])
        guard words.count > 1, spacedFacilitators.contains(words[0]) else { return words }
        return Array(words.dropFirst())
    }

    /// Whether a word, or one cut off so, stands in many merchants' descriptors.
    static func isGeneric(_ word: [UInt8]) -> Bool {
        generic.contains { $0 == word || word.count >= 4 && $0.starts(with: word) }
    }

    private static func words(_ text: ArraySlice<UInt8>) -> [[UInt8]] {
        text.split { byte in
            !(MatchKey.isDigit(byte) || byte >= 0x80
                || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte)
        }.map(Array.init)
    }

    /// Upper case, and Latin letters without their accents, as statements print them.
    private static func folded(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.prefix(MatchingRules.descriptorMax).uppercased().unicodeScalars {
            if let plain = plainLetter(scalar) {
                bytes.append(contentsOf: plain.utf8)
            } else {
                bytes.append(contentsOf: String(scalar).utf8)
            }
        }
        return bytes
    }

    private static func plainLetter(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0xC0...0xC5: "A"
        case 0xC6: "AE"
        case 0xC7: "C"
        case 0xC8...0xCB: "E"
        case 0xCC...0xCF: "I"
        case 0xD1: "N"
        case 0xD2...0xD6, 0xD8: "O"
        case 0xD9...0xDC: "U"
        case 0xDD: "Y"
        // A combining accent belongs to the letter before it.
        case 0x300...0x36F: ""
        default: nil
        }
    }
}
