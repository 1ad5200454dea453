import HTTPTypes
import Hummingbird
import ParryDomain

/// One line of a page's table: what is asked for, who may, and what then happens.
struct Route: Sendable {
    /// Who may come in, and what the handler is given.
    enum Access: Sendable {
        /// Everybody.
        case open(@Sendable (Visit) async throws -> Response)
        /// Who is signed in.
        case person(@Sendable (PersonVisit) async throws -> Response)
        /// Who has this power in the account that the path names first.
        case seat(Power, @Sendable (SeatVisit) async throws -> Response)
    }

    let method: HTTPRequest.Method
    /// The route's template. Behind `/dashboard/{account}` where an account is needed: `/alerts/{id}`.
    let path: String
    let access: Access
    /// Whether the password is asked for when it was given too long ago: before keys and secrets.
    let needsConfirmation: Bool
    /// What the audit log calls it, where it is something that is not told by what is done in it.
    let action: String?

    /// A page for everybody, or for who is signed in.
    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, confirmed: Bool = false,
        action: String? = nil
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.action = action
        needsConfirmation = confirmed
    }

    /// A page of an account that shows something.
    static func show(
        _ path: String, _ power: Power, confirmed: Bool = false,
        _ handle: @escaping @Sendable (SeatVisit) async throws -> Response
    ) -> Route {
        Route(.get, path, .seat(power, handle), confirmed: confirmed)
    }

    /// A form of an account that changes something.
    ///
    /// - Parameter action: What the audit log calls it, as `alert.update`.
    static func change(
        _ path: String, _ power: Power, _ action: String, confirmed: Bool = false,
        _ handle: @escaping @Sendable (SeatVisit) async throws -> Response
    ) -> Route {
        Route(.post, path, .seat(power, handle), confirmed: confirmed, action: action)
    }

    /// The template as the router takes it.
    var template: String {
        let inner = path.split(separator: "/").map { part in
            part.hasPrefix("{") ? ":" + part.dropFirst().dropLast() : String(part)
        }
        var parts = ["dashboard"]
        if case .seat = access { parts.append(":account") }
        return "/" + (parts + inner).joined(separator: "/")
    }
}
