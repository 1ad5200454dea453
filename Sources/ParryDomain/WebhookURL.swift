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
        case portNotAllowed =
            "the port is not one that this server sends webhooks to; 443 and 1024 to 65535 are, unless it is set up otherwise"
        case privateAddress =
            "the host is a private, local or reserved address, which this server does not send webhooks to"
        case tooLong = "the URL must have at most 2048 characters"
    }

    /// - Returns: The host, without brackets, and the port.
    /// - Throws: The first rule that the URL breaks.
    @discardableResult
    package static func check(_ url: String) throws(Refusal) -> (host: String, port: Int) {
        guard url.utf8.count <= 2_048 else { throw .tooLong }
        guard url.lowercased().hasPrefix("https://") else { throw .notHTTPS }
        guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x23 && $0 != 0x5C }) else {
            throw .badCharacter
        }
        let authority = url.dropFirst(8).prefix { $0 != "/" && $0 != "?" }
        if authority.contains("@") { throw .userInformation }
        // Nothing that a client could decode to another name than the one whose address was checked.
        guard authority.utf8.allSatisfy(isHostCharacter) else { throw .badHost }
        return try split(authority)
    }

    private static func isHostCharacter(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: ".-_:[]".utf8.contains(character)
        }
    }

    private static func split(
        _ authority: Substring
    ) throws(Refusal) -> (host: String, port: Int) {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .badHost }
            let host = authority[..<end].dropFirst()
            guard host.contains(":"), IPAddress(literal: String(host)) != nil else {
                throw .badHost
            }
            return (String(host), try port(authority[end...].dropFirst()))
        }
        let host = authority.prefix { $0 != ":" }
        guard !host.isEmpty else { throw .noHost }
        guard !host.contains("["), !host.contains("]") else { throw .badHost }
        return (String(host), try port(authority[host.endIndex...]))
    }

    /// The port behind the host: a colon and digits, or nothing.
    private static func port(_ rest: Substring) throws(Refusal) -> Int {
        guard !rest.isEmpty else { return 443 }
        let digits = rest.dropFirst()
        guard rest.first == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(digits), (1...65_535).contains(port)
        else { throw .badPort }
        return port
    }
}
