import HTTPTypes
import Hummingbird
import ParryService

/// The cookie by which a browser holds its session.
///
/// Over HTTPS its name begins with `__Host-`, which browsers take only from this very host, for all paths and secure.
/// Over plain HTTP, which is for this machine alone, such a cookie cannot be set, so the name has no prefix.
struct SessionCookie: Sendable {
    let isSecure: Bool

    private var name: String { isSecure ? "__Host-parry_session" : "parry_session" }

    /// The token that a request carries.
    func token(in request: Request) -> SessionToken? {
        let pairs = request.headers[values: .cookie].flatMap { $0.split(separator: ";") }
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1).map {
                $0.trimmingPrefix { $0 == " " }
            }
            if parts.count == 2, parts[0] == name { return SessionToken(String(parts[1])) }
        }
        return nil
    }

    /// The header that hands out a token.
    func setting(_ token: SessionToken) -> String { field(token.text, "") }

    /// The header that takes it back.
    var clearing: String { field("", "; Max-Age=0") }

    private func field(_ value: String, _ extra: String) -> String {
        "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")\(extra)"
    }
}
