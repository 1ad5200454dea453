import Configuration
package import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
package import ParryAPI
import ParryDashboard
package import ParryDatabase
import ParryDomain
package import ParryServer
package import ParryService
import ParryStore
package import ParryWire

/// The real composition over SQLite in memory, called without a socket.
package struct TestWorld: Sendable {
    package let platform: Platform
    package let partnerID: PartnerID
    package let adminGroupID: PartnerGroupID
    package let adminKey: String
    /// The use cases behind the router.
    package let services: APIServices
    /// Mails links for new passwords, where the world has somebody who takes mails.
    package let forgotten: ForgottenPasswordService?
    private let client: any TestClientProtocol
    /// The dashboard of the same platform.
    let pages: any TestClientProtocol

    /// An answer, read.
    package struct Reply: Sendable {
        package let status: Int
        package let headers: HTTPFields
        package let text: String

        /// The body as JSON; null when there is none.
        package var json: JSONValue {
            get throws { try JSONDocument.parse(Array((text.isEmpty ? "null" : text).utf8)).root }
        }

        /// A member of the body's object, as text.
        package func string(_ name: String) throws -> String? { try json[name]?.string }
    }

    private static let masterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    /// Runs a test in a new world with one partner and a key with every ability.
    ///
    /// - Parameters:
    ///   - mails: Takes mails; nil where none are sent.
    ///   - clock: The requests' time; a fixed one where a minute must not pass.
    package static func run(
        on engine: Engine = .memory, mode: AccountMode = .test, rateLimit: Int = 0,
        mails: (any MailSender)? = nil,
        clock: @escaping @Sendable () -> Timestamp = Platform.now,
        _ test: @escaping @Sendable (TestWorld) async throws -> Void
    ) async throws {
        try await engine.withURL { place in
            let url = engine == .memory ? "sqlite://:memory:" : place
            try await run(
                url, mode: mode, rateLimit: rateLimit, mails: mails, clock: clock, test)
        }
    }

    private static func run(
        _ url: String, mode: AccountMode, rateLimit: Int, mails: (any MailSender)?,
        clock: @escaping @Sendable () -> Timestamp,
        _ test: @escaping @Sendable (TestWorld) async throws -> Void
    ) async throws {
        let scheme = url.contains("://") ? "" : "sqlite://"
        let settings = try await Settings(
            commandLine: [
                "database": .init(.string(scheme + url), isSecret: false),
                "master-key": .init(.string(masterKey), isSecret: true),
            ],
            file: nil)
        let platform = try await Platform.open(
            settings, passwords: PasswordHasher(isLight: true))
        let (partner, group) = try await platform.accounts.createPartner(
            name: "Pay", mode: mode, now: clock())
        let key = try await platform.keys.create(
            for: .group(group.id), abilities: Set(Ability.allCases), expiresAt: nil, now: clock())
        let services = Server.services(platform, wake: .silent, client: TestReceiver())
        let router = Server.router(
            platform, services, rateLimit: rateLimit, clock: clock)
        let forgotten = mails.map {
            ForgottenPasswordService(
                database: platform.database, people: platform.people, sender: $0)
        }
        let site = platform.site(services, forgotten: forgotten, clock: clock)
        let pages = Application(router: Dashboard.router(site))
        try await Application(router: router).test(.router) { client in
            try await pages.test(.router) { pages in
                try await test(
                    TestWorld(
                        platform: platform, partnerID: partner.id, adminGroupID: group.id,
                        adminKey: key.secret, services: services,
                        forgotten: forgotten, client: client, pages: pages))
            }
        }
        try await platform.close()
    }

    /// One request; `key` nil is the admin's, an empty one sends no header.
    package func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, key: String? = nil,
        headers extra: [HTTPField.Name: String] = [:]
    ) async throws -> Reply {
        var headers: HTTPFields = [:]
        let token = key ?? adminKey
        if !token.isEmpty { headers[.authorization] = "Bearer \(token)" }
        if body != nil { headers[.contentType] = "application/json" }
        for (name, value) in extra { headers[name] = value }
        return try await client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
        ) { response in
            Reply(
                status: Int(response.status.code), headers: response.headers,
                text: String(buffer: response.body))
        }
    }

    /// Another key.
    package func key(
        for owner: KeyOwner, _ abilities: Set<Ability> = Set(Ability.allCases),
        expiresAt: Timestamp? = nil
    ) async throws -> (id: APIKeyID, secret: String) {
        let made = try await platform.keys.create(
            for: owner, abilities: abilities, expiresAt: expiresAt, now: Platform.now())
        return (made.key.id, made.secret)
    }

    /// An organisation with a merchant, an order feed, and an enrolment that is enabled.
    package func customer(_ name: String = "Acme") async throws -> Customer {
        let organisation = try await make("/v1/organisations", #"{"name":"\#(name)"}"#)
        let merchant = try await make(
            "/v1/merchants",
            #"{"organisation_id":"\#(organisation)","name":"\#(name) Main","type":"GENERIC"}"#)
        let integration = try await make(
            "/v1/integrations",
            """
            {"organisation_id":"\(organisation)","name":"Feed","type":"CUSTOM_ORDERS",
            "status":"ENABLED","merchant_ids":["\(merchant)"]}
            """)
        let enrolment = try await make(
            "/v2/enrolments",
            """
            {"merchant_ids":["\(merchant)"],"type":"ETHOCA_ALERT","ethoca_alert":
            {"descriptors":[{"descriptor":"ACMEFIT","match_type":"STARTS_WITH"}]}}
            """)
        return Customer(
            organisation: organisation, merchant: merchant, integration: integration,
            enrolment: enrolment)
    }

    /// Runs a test on every engine, in a world with one customer whose enrolment is enabled and whose sale is the guide's.
    package static func runSelling(
        _ test: @escaping @Sendable (TestWorld, Customer) async throws -> Void
    ) async throws {
        for engine in Engine.allCases {
            try await run(on: engine) { world in
                let customer = try await world.customer()
                let enabled = try await world.send(
                    .patch, "/v1/simulate/enrolments/\(customer.enrolment)",
                    #"{"status":"ENABLED"}"#)
                let created = try await world.send(
                    .post, "/v1/orders", "[\(customer.order("order-1"))]")
                guard enabled.status == 200, created.status == 201 else {
                    throw NotMade(answers: [enabled.text, created.text])
                }
                try await test(world, customer)
            }
        }
    }

    /// What a test begins with could not be made.
    private struct NotMade: Error {
        let answers: [String]
    }

    /// What is stored.
    package var database: any Database { platform.database }

    /// Whether the dispatcher would find something to send.
    package func hasWebhooksToSend() async throws -> Bool {
        try await platform.database.read {
            try DeliveryStore.hasWork(
                for: DeliveryAppetite(room: 1), now: Platform.now().adding(seconds: 1), $0)
        }
    }

    /// The versions that a ruleset left behind, oldest first.
    package func versions(of ruleset: String) async throws -> [(version: Int64, isThere: Bool)] {
        try await platform.database.read {
            try $0.rows(
                """
                SELECT version, body FROM ruleset_version WHERE ruleset_id = \(ruleset)
                ORDER BY version
                """
            ) { (try $0.integer(), try $0.textOrNull() != nil) }
        }
    }

    /// Creates a resource and gives its id; an empty id when it was refused.
    package func make(_ path: String, _ body: String) async throws -> String {
        try await send(.post, path, body).string("id") ?? ""
    }
}

/// The ids of one customer's resources.
package struct Customer: Sendable {
    package let organisation: String
    package let merchant: String
    package let integration: String
    package let enrolment: String

    /// An order as the guide sends it, with other members in front of its transactions.
    package func order(
        _ reference: String, transaction: String = "txn-1", extra: String = ""
    ) -> String {
        guideOrder(
            organisation: organisation, integration: integration, reference,
            transaction: transaction, extra: extra)
    }
}
