package import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ParryAPI
package import ParryDomain
import ParryServer
package import ParryService
package import ParryWire
import Synchronization

/// A person at the dashboard: keeps the cookie and fills forms as a browser without JavaScript does.
package final class Browser: Sendable {
    /// A page, or where it sends the browser.
    package struct Page: Sendable {
        package let status: Int
        package let headers: HTTPFields
        package let html: String

        /// Where a redirect leads; nil for a page.
        package var location: String? { headers[.location] }
        /// What forms of the page carry.
        package var formToken: String? { Browser.value(after: #"name="_token" value=""#, in: html) }
    }

    /// The password of everybody in tests.
    package static let password = "correct horse battery"

    private let client: any TestClientProtocol
    private let state = Mutex(State())

    private struct State {
        var cookie: String?
        var formToken: String?
    }

    init(_ client: any TestClientProtocol) {
        self.client = client
    }

    /// What the browser holds; nil when it is not signed in.
    package var cookie: String? {
        get { state.withLock { $0.cookie } }
        set { state.withLock { $0.cookie = newValue } }
    }

    /// Asks for a page.
    package func get(
        _ path: String, headers: [HTTPField.Name: String] = [:]
    ) async throws -> Page {
        try await send(.get, path, nil, headers)
    }

    /// Sends a form with the token of the last page that had one.
    package func post(
        _ path: String, _ fields: [(String, String)] = [], withToken: Bool = true,
        headers: [HTTPField.Name: String] = [:]
    ) async throws -> Page {
        let token = state.withLock { $0.formToken }
        let own = withToken ? token.map { [("_token", $0)] } ?? [] : []
        let body = (own + fields).map { "\(Self.encode($0.0))=\(Self.encode($0.1))" }
        return try await send(.post, path, body.joined(separator: "&"), headers)
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String?,
        _ extra: [HTTPField.Name: String]
    ) async throws -> Page {
        var headers: HTTPFields = [:]
        if let cookie { headers[.cookie] = cookie }
        if body != nil { headers[.contentType] = "application/x-www-form-urlencoded" }
        for (name, value) in extra { headers[name] = value }
        let page = try await client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
        ) { response in
            Page(
                status: Int(response.status.code), headers: response.headers,
                html: String(buffer: response.body))
        }
        state.withLock { state in
            if let set = page.headers[.setCookie] {
                state.cookie = set.split(separator: ";").first.map(String.init)
            }
            if let token = page.formToken { state.formToken = token }
        }
        return page
    }

    private static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            default: "%" + Hex.encode([byte])
            }
        }.joined()
    }

    private static func value(after start: String, in html: String) -> String? {
        guard let range = html.firstRange(of: start) else { return nil }
        return String(html[range.upperBound...].prefix { $0 != "\"" })
    }
}

extension TestWorld {
    /// A browser in which nobody is signed in.
    package func browser() -> Browser { Browser(pages) }

    /// A browser in which who was invited has set a password.
    package func browser(taking invitation: PersonService.Invitation) async throws -> Browser {
        let browser = browser()
        let page = try await browser.post(
            "/dashboard/join/\(invitation.token.text)",
            [("password", Browser.password), ("again", Browser.password)], withToken: false)
        guard page.status == 303 else {
            throw WorldFailure("an invitation was not taken: \(page.status) \(page.html)")
        }
        // Any page has the token that forms carry.
        _ = try await browser.get("/dashboard/profile")
        return browser
    }

    /// A browser of somebody with this role.
    ///
    /// - Parameters:
    ///   - organisation: Whose member it is, and what a restricted group sees.
    ///   - email: A new one, unless it matters.
    package func browser(
        as role: SeatRole, in organisation: OrganisationID, now: Timestamp = Platform.now(),
        email: String? = nil
    ) async throws -> (browser: Browser, seatID: String, email: String) {
        let number = UInt32.random(in: 0...UInt32.max)
        let email = email ?? "\(role.rawValue.lowercased())-\(number)@example.com"
        let admin = Principal(
            actor: .command, owner: .adminGroup(adminGroupID, partner: partnerID), mode: .test,
            abilities: [])
        switch role {
        case .operator:
            let invitation = try await platform.people.inviteOperator(
                email: email, name: "Olga", now: now)
            return (try await browser(taking: invitation), partnerID.text, email)
        case .partnerAdministrator:
            let invitation = try await platform.people.invite(
                email: email, name: "Paula", to: adminGroupID, by: admin, now: now)
            return (try await browser(taking: invitation), partnerID.text, email)
        case .groupMember:
            let group = try await platform.accounts.createGroup(
                partner: partnerID, name: "Support", organisations: [organisation], now: now)
            let invitation = try await platform.people.invite(
                email: email, name: "Grace", to: group.id, by: admin, now: now)
            return (try await browser(taking: invitation), group.id.text, email)
        case .organisationAdmin, .organisationStandard:
            let membership = try await services.memberships.create(
                .init(
                    organisationID: organisation.text, firstName: "Max", lastName: "Member",
                    email: email,
                    settings: .init(role: role == .organisationAdmin ? .admin : .standard)),
                by: admin, now: now)
            let invitation = try await platform.people.invite(
                member: membership.id, by: admin, now: now)
            return (try await browser(taking: invitation), organisation.text, email)
        }
    }
}

/// Why a world could not be made.
struct WorldFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
