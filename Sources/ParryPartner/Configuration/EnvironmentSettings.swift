package import ParryWire

/// What the configuration says of one environment; secrets are read when they are needed.
package struct EnvironmentSettings: Sendable {
    package let name: String
    package let mode: AccountMode
    /// Scheme, host and port of the platform.
    package let url: String
    package let database: String
    /// Requests a minute and endpoint; 0 lifts the limit.
    package let rateLimit: Int
    /// Authorities beyond the system's, in PEM form.
    package let certificateAuthorities: String?
    package let receiver: ReceiverSettings?
    package let hook: HookSettings?
    /// How often open alerts are asked for, in seconds.
    package let pollSeconds: Int64
    /// How long before a deadline a warning comes, in minutes, the longest first.
    package let warnMinutes: [Int64]
    /// Environment variables that hold secrets, of all environments: a hook does not get to see them.
    var hiddenNames: [String] = []
    private let keyReference: SecretReference
    private let secretReference: SecretReference?

    private static let names = [
        "mode", "url", "key", "webhook-secret", "database", "rate-limit", "ca-certificates",
        "receiver", "hook", "poll-seconds", "warn-minutes",
    ]

    init(_ name: String, _ map: YAMLMap, folder: String) throws {
        try map.allow(Self.names)
        guard let mode = try map.word("mode", AccountMode.self) else {
            throw PartnerError("\(map.place): mode has to be TEST or LIVE")
        }
        guard let key = try map.map("key") else {
            throw PartnerError("\(map.place): key is missing; write key: {file: PATH}")
        }
        self.name = name
        self.mode = mode
        url = try map.requiredText("url")
        keyReference = try SecretReference(key, folder: folder)
        secretReference = try map.map("webhook-secret").map {
            try SecretReference($0, folder: folder)
        }
        database = Paths.absolute(try map.requiredText("database"), folder: folder)
        rateLimit = Int(try map.integer("rate-limit", in: 0...100_000) ?? 100)
        certificateAuthorities = try map.text("ca-certificates").map {
            Paths.absolute($0, folder: folder)
        }
        receiver = try map.map("receiver").map { try ReceiverSettings($0, folder: folder) }
        hook = try map.map("hook").map { try HookSettings($0, folder: folder) }
        pollSeconds = try map.integer("poll-seconds", in: 1...86_400) ?? 60
        warnMinutes = try Self.warnings(map)
    }

    private static func warnings(_ map: YAMLMap) throws -> [Int64] {
        guard let texts = try map.texts("warn-minutes") else { return [1_440, 360, 60] }
        return try texts.map { text in
            guard let minutes = Int64(text), 1...10_080 ~= minutes else {
                throw PartnerError("\(map.place): warn-minutes lists minutes from 1 to 10080")
            }
            return minutes
        }.sorted(by: >)
    }

    var keySource: Secret.Source { keyReference.source }
    var secretSource: Secret.Source? { secretReference?.source }

    /// The environment variables that hold secrets.
    var secretNames: [String] {
        [keySource, secretSource].compactMap {
            if case .environment(let name) = $0 { name } else { nil }
        }
    }

    /// The API key.
    package func key() throws -> Secret { try Secret(keyReference) }

    /// The webhook endpoint's secret.
    package func webhookSecret() throws -> Secret {
        guard let secretReference else {
            throw PartnerError(
                "\(name) has no webhook-secret; copy it from your webhook endpoint into a file and write "
                    + "webhook-secret: {file: PATH}")
        }
        return try Secret(secretReference)
    }
}

/// Where webhooks are received.
package struct ReceiverSettings: Sendable {
    package let host: String
    package let port: Int
    /// The path that webhooks are sent to.
    package let path: String
    package let certificate: String
    package let privateKey: String

    init(_ map: YAMLMap, folder: String) throws {
        try map.allow(["host", "port", "path", "certificate", "private-key"])
        host = try map.text("host") ?? "0.0.0.0"
        port = Int(try map.integer("port", in: 0...65_535) ?? 8_443)
        path = try map.text("path") ?? "/webhooks"
        guard path.hasPrefix("/") else {
            throw PartnerError("\(map.place): path has to begin with a slash")
        }
        certificate = Paths.absolute(try map.requiredText("certificate"), folder: folder)
        privateKey = Paths.absolute(try map.requiredText("private-key"), folder: folder)
    }
}

/// Who decides about alerts.
package struct HookSettings: Sendable {
    /// How it is asked.
    package enum Target: Sendable, Hashable {
        /// A program and its arguments; it gets the question on standard input.
        case command([String])
        /// A POST to this URL.
        case url(String)
    }

    package let target: Target
    /// After so long the hook counts as failed.
    package let timeoutSeconds: Int64
    /// The configuration's folder.
    let folder: String

    init(_ map: YAMLMap, folder: String) throws {
        try map.allow(["command", "url", "timeout-seconds"])
        timeoutSeconds = try map.integer("timeout-seconds", in: 1...600) ?? 30
        self.folder = folder
        switch (try map.texts("command"), try map.text("url")) {
        case (let words?, nil) where !words.isEmpty:
            let isPath = words[0].contains("/")
            let program = isPath ? Paths.absolute(words[0], folder: folder) : words[0]
            target = .command([program] + words.dropFirst())
        case (nil, let url?) where url.hasPrefix("https://") || Self.isLoopback(url):
            target = .url(url)
        default:
            throw PartnerError(
                "\(map.place): hook needs command: [PROGRAM, …] or url: https://…; http is for this machine alone"
            )
        }
    }

    /// Alerts and refunds do not travel in the clear.
    private static func isLoopback(_ url: String) -> Bool {
        ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { place in
            url.hasPrefix(place) && [":", "/", nil].contains(url.dropFirst(place.count).first)
        }
    }
}
