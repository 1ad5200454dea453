import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOSSL
package import ParryClient
import ParryWire
import Synchronization

/// An environment that is open: its settings, its database, and the way to its platform.
package struct PartnerEnvironment: Sendable {
    package let settings: EnvironmentSettings
    package let store: PartnerDatabase
    package let client: ParryClient
    /// The same, asking once.
    let impatient: ParryClient
    let http: HTTPClient
    let logger: Logger
    private let mode = ModeCheck()

    /// Opens an environment, lets the body use it, and closes it.
    ///
    /// - Parameters:
    ///   - rateLimit: Another limit than the configuration's; 0 lifts it.
    ///   - isPatient: Whether requests are sent again.
    package static func with<Result>(
        _ settings: EnvironmentSettings, rateLimit: Int? = nil, isPatient: Bool = true,
        _ body: (PartnerEnvironment) async throws -> Result
    ) async throws -> Result {
        let environment = try await open(settings, rateLimit, isPatient)
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(environment))
        } catch {
            result = .failure(error)
        }
        try? await environment.http.shutdown()
        try? await environment.store.close()
        return try result.get()
    }

    /// The platform's time, as its last answer told.
    var platformNow: Timestamp {
        Timestamp.now().adding(seconds: client.clockOffsetSeconds ?? 0)
    }

    /// Sees to it that an organisation is of the environment's mode, before anything is done about it.
    ///
    /// - Throws: `ClientError`: misused where it is of the other mode.
    func checkMode(of organisation: String) async throws(ClientError) {
        guard !mode.isChecked(organisation), let id = OrganisationID.given(organisation) else {
            return
        }
        do throws(ClientError) {
            let found = try await client.organisations.get(id)
            guard found.mode == settings.mode else { throw .misused(otherMode(found)) }
        } catch {
            // A key that may not read organisations has no way to tell.
            guard error.refusal?.status == 403 || error.refusal?.status == 401 else { throw error }
        }
        mode.note(organisation)
    }

    func otherMode(_ organisation: Organisation) -> String {
        "the key of \(settings.name) is of a \(organisation.mode) account, and the environment is "
            + "\(settings.mode.rawValue); TEST and LIVE share nothing"
    }

    private static func open(
        _ settings: EnvironmentSettings, _ rateLimit: Int?, _ isPatient: Bool
    ) async throws -> PartnerEnvironment {
        let store = try await PartnerDatabase.open(settings)
        let logger = Logger(label: "parry-partner")
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: try transport(settings))
        do {
            var configuration = ClientConfiguration(
                baseURL: settings.url, key: try settings.key().text)
            configuration.limiter = try limiter(settings, rateLimit ?? settings.rateLimit)
            configuration.logger = logger
            if !isPatient { configuration.retry = .never }
            var impatient = configuration
            impatient.retry = .never
            impatient.timeoutSeconds = 10
            return PartnerEnvironment(
                settings: settings, store: store,
                client: try ParryClient(configuration, http: http),
                impatient: try ParryClient(impatient, http: http), http: http, logger: logger)
        } catch {
            try? await http.shutdown()
            try? await store.close()
            throw error
        }
    }

    /// All commands of an environment share one limit.
    private static func limiter(
        _ settings: EnvironmentSettings, _ limit: Int
    ) throws -> FileLimiter? {
        guard limit > 0 else { return nil }
        return try FileLimiter(folder: settings.database + "-limits", limit: limit)
    }

    private static func transport(
        _ settings: EnvironmentSettings
    ) throws -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        // The client tries again by itself, and says so.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        guard let path = settings.certificateAuthorities else { return configuration }
        var tls = TLSConfiguration.makeClientConfiguration()
        do {
            tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(path))]
        } catch {
            throw PartnerError("ca-certificates: \(path) holds no certificates in PEM form")
        }
        configuration.tlsConfiguration = tls
        return configuration
    }
}

extension Timestamp {
    /// The machine's time.
    static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// The organisations whose mode was compared.
private final class ModeCheck: Sendable {
    private let checked = Mutex<Set<String>>([])

    func isChecked(_ organisation: String) -> Bool {
        checked.withLock { $0.contains(organisation) }
    }
    func note(_ organisation: String) { checked.withLock { _ = $0.insert(organisation) } }
}
