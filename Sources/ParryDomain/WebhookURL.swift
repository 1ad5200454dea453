/// Judges an endpoint's URL by its form alone; addresses are judged when connecting, by the setting of
/// the server that connects.
package enum WebhookURL {
    /// Why a URL is refused.
    package enum Refusal: String, Error, CaseIterable {
        case notHTTPS = "the URL must begin with https://"
        case noHost = "the URL must name a host"
        case badHost =
            "the host must be letters, digits, dots and dashes, or an IPv6 address in brackets"
        case userInformation = "the URL must not carry a user name or password"
        case badPort = "the port must be a number from 1 to 65535"
        case badCharacter = "the URL must be printable ASCII without spaces or a fragment"
        case tooLong = "the URL must have at most 2048 characters"
    }

    /// - Throws: The first rule that the URL breaks.
    package static func check(_ url: String) throws(Refusal) {
        guard url.utf8.count <= 2_048 else { throw .tooLong }
        guard url.lowercased().hasPrefix("https://") else { throw .notHTTPS }
        guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x23 && $0 != 0x5C }) else {
            throw .badCharacter
        }
        let authority = url.dropFirst(8).prefix { $0 != "/" && $0 != "?" }
        if authority.contains("@") { throw .userInformation }
        // Nothing that a client could decode to another name than the one whose address was checked.
        guard authority.utf8.allSatisfy(isHostCharacter) else { throw .badHost }
        try checkPort(authority)
    }

    private static func isHostCharacter(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: ".-_:[]".utf8.contains(character)
        }
    }

    private static func checkPort(_ authority: Substring) throws(Refusal) {
        let isBracketed = authority.hasPrefix("[")
        let hostEnd =
            isBracketed
            ? authority.firstIndex(of: "]").map { authority.index(after: $0) }
                ?? authority.startIndex
            : authority.firstIndex(of: ":") ?? authority.endIndex
        guard hostEnd > authority.startIndex else { throw .noHost }
        let rest = authority[hostEnd...]
        guard !rest.isEmpty else { return }
        guard rest.first == ":", rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(rest.dropFirst()), (1...65_535).contains(port)
        else { throw .badPort }
    }
}
